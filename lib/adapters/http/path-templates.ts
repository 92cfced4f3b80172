/** A path with `{parameters}`, by its segments. */
export type Template = readonly string[];

export const templateOf = (path: string): Template => path.split('/');

const nameOf = (segment: string): string | undefined => /^\{(.+)\}$/.exec(segment)?.[1];

/** A literal segment goes before a parameter in the same place, as API Gateway has it. */
export function byPrecedence(a: Template, b: Template): number {
  for (const [at, segment] of a.entries()) {
    const other = b[at];
    if (other === undefined) break;
    const difference = Number(nameOf(segment) !== undefined) - Number(nameOf(other) !== undefined);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Whether two templates are the same place, whatever their parameters are called. */
export const isSamePlace = (a: Template, b: Template): boolean =>
  a.length === b.length &&
  a.every((segment, at) => segment === b[at] || (isParameter(segment) && isParameter(b[at] ?? '')));

const isParameter = (segment: string): boolean => nameOf(segment) !== undefined;

/** The parameters of a path as they were sent; undefined when it is not of the template. */
export function matchTemplate(template: Template, path: string): Record<string, string> | undefined {
  const segments = path.split('/');
  if (template.length !== segments.length) return undefined;
  const parameters: [string, string][] = [];
  for (const [at, expected] of template.entries()) {
    const segment = segments[at] ?? '';
    const name = nameOf(expected);
    if (name === undefined) {
      if (segment !== expected) return undefined;
    } else if (segment === '') return undefined;
    else parameters.push([name, segment]);
  }
  return Object.fromEntries(parameters);
}
