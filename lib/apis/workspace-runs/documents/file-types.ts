export const FILE_TYPES = [
  ['xlsx', 'spreadsheetml'],
  ['xls', 'ms-excel'],
  ['csv', 'csv'],
  ['pdf', 'pdf'],
] as const;
export type FileType = (typeof FILE_TYPES)[number][0] | 'unknown';

/** By the name's ending, or by the content type when the name does not tell. */
export function fileTypeOf(name: string, contentType: string): FileType {
  const suffix = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const bySuffix = FILE_TYPES.find(([type]) => type === suffix);
  return (
    (bySuffix ?? FILE_TYPES.find(([, mark]) => contentType.toLowerCase().includes(mark)))?.[0] ?? 'unknown'
  );
}
