import { isPrintable } from './printable-text.js';

/** These turn the direction of what follows: a name could be shown as another one. */
const turnsDirection = /[\u202a-\u202e\u2066-\u2069]/;
const invisible = /[\s\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Nothing that a person could see, however many characters there are. */
export const isBlank = (text: string): boolean => text.replace(invisible, '') === '';

/** Words by people for people: shown as they were entered, on paper as on a screen. */
export const isPlain = (text: string): boolean => isPrintable(text) && !turnsDirection.test(text);
