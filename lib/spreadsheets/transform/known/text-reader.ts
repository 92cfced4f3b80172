/** Takes a text that is not blank, and has no blanks around it, to how its value is written; null if it is none. */
export type TextReader = (text: string) => string | null;
