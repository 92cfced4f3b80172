import type { FilterField } from '../../list-grammar/conditions.ts';
import type { Operator } from '../../list-grammar/filters.ts';
import { invalid } from '../../operation/refusal.ts';
import { FILE_TYPES } from './file-types.ts';

const MOST_TYPES = 50;

/** By the name's ending or the content type: a file may be of two types, and meets a filter on either. */
export function fileTypeField<T>(
  operators: readonly Operator[],
  fileOf: (item: T) => { name: string; contentType: string } | undefined,
): FilterField<T> {
  const typesOf = (item: T): string[] => {
    const file = fileOf(item);
    if (file === undefined) return [];
    const [name, contentType] = [file.name.toLowerCase(), file.contentType.toLowerCase()];
    return FILE_TYPES.flatMap(([type, mark]) =>
      name.endsWith(`.${type}`) || contentType.includes(mark) ? [type] : [],
    );
  };
  return {
    operators,
    compile({ operator, value }) {
      // Every file has a name, and so something to tell its type by.
      if (operator === 'isEmpty' || operator === 'isNotEmpty') {
        return { test: () => operator === 'isNotEmpty' };
      }
      const asked = wordsOf(value);
      if (asked.length > MOST_TYPES) throw invalid(`Too many file types; max ${MOST_TYPES}.`);
      const wrong = asked.filter((word) => !FILE_TYPES.some(([type]) => type === word));
      if (wrong.length > 0) throw invalid(`Invalid file type value(s): ${wrong.sort().join(', ')}`);
      const isOne = (item: T): boolean => typesOf(item).some((type) => asked.includes(type));
      return { test: operator === 'notIn' ? (item) => !isOne(item) : isOne };
    },
  };
}

/** The words of a filter's value in lower case, each once; what is no word stands for itself. */
export const wordsOf = (value: unknown): string[] => [
  ...new Set([value].flat().map((one) => (typeof one === 'object' ? 'none' : String(one).toLowerCase()))),
];
