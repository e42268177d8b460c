const invisible = /[\s\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Nothing that a person could see, however many characters there are. */
export const isBlank = (text: string): boolean => text.replace(invisible, '') === '';
