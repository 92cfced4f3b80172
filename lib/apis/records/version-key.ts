/** `<id>#<12-digit number>`: the numbered versions of one thing stand together, in order. */
export const versionKey = (id: string, no: number): string => `${id}#${String(no).padStart(12, '0')}`;
