/**
 * Regular expressions of a configuration: one for each field there may be. Each is compiled for every run, and
 * looks at the cells of its column.
 */
export const MAX_PATTERNS = 500;

/** What is wrong with the number of patterns of a definition, valid or not, or nothing: each is a member `pattern` or `matches`. */
export function tooManyPatterns(definition: unknown): string | undefined {
  let count = 0;
  for (let rest = [definition]; rest.length > 0; ) {
    rest = rest.flatMap((value): unknown[] => {
      if (typeof value !== 'object' || value === null) return [];
      if ('pattern' in value || 'matches' in value) count += 1;
      return Object.values(value);
    });
  }
  if (count <= MAX_PATTERNS) return undefined;
  return `must have at most ${MAX_PATTERNS} patterns in all fields together, not ${count}`;
}
