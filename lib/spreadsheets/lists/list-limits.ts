/** Values of a list; the synonyms of one; characters of each. */
export const MAX_LIST_VALUES = 100_000;
export const MAX_SYNONYMS = 100;
export const MAX_VALUE_CHARACTERS = 500;

/** Lists that one definition may name: each is held in memory while a workbook is processed. */
export const MAX_LISTS = 10;
