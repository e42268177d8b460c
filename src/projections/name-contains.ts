/**
 * Whether a name holds a text, to the letter; but 臺 and 台 are one, for offices write either and people type
 * the one that is quicker.
 */
export const nameContains = (column: string, text: string): string =>
  `strpos(${alike(column)}, ${alike(text)}) > 0`;

const alike = (sql: string): string => `translate(${sql}, '臺', '台')`;
