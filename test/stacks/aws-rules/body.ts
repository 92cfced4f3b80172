/** What a rule reads of a template: the stacks within a stack are part of it. */
export interface Body {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
}

/** What a template breaks, one sentence each. */
export type Rule = (body: Body) => string[];

/** Properties of all resources of a type, by their logical ids. */
export const all = <Properties>(body: Body, type: string): [string, Properties][] =>
  Object.entries(body.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties = {} }]) => [id, Properties as Properties]);

/** A complaint when there is more than there may be. */
export const atMost = (limit: number, found: number, what: string): string[] =>
  found <= limit ? [] : [`${what}: ${found} of at most ${limit}`];

/** What belongs together, by a key. */
export function grouped<Value>(pairs: readonly (readonly [string, Value])[]): [string, Value[]][] {
  const groups = new Map<string, Value[]>();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return [...groups];
}
