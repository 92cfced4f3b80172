export interface RoutePattern {
  method: string;
  /** As API Gateway writes it: `/api/v1/runs/{runId}`; a parameter is one whole segment. */
  path: string;
}

export interface RouteMatch<Route> {
  route: Route;
  pathParameters: Record<string, string>;
}

/**
 * Finds the route of a request path, exactly: no trailing slash, no prefix. A literal segment goes before a
 * parameter in the same place. Parameters are decoded.
 */
export function router<Route extends RoutePattern>(routes: readonly Route[]) {
  const patterns = routes
    .map((route) => ({ route, segments: route.path.split('/') }))
    .sort((a, b) => compare(a.segments, b.segments));

  return (method: string, path: string): RouteMatch<Route> | undefined => {
    const segments = path.split('/');
    for (const pattern of patterns) {
      if (pattern.route.method !== method) continue;
      const pathParameters = match(pattern.segments, segments);
      if (pathParameters !== undefined) return { route: pattern.route, pathParameters };
    }
    return undefined;
  };
}

const nameOf = (segment: string): string | undefined => /^\{(.+)\}$/.exec(segment)?.[1];

function compare(a: string[], b: string[]): number {
  for (const [at, segment] of a.entries()) {
    const other = b[at];
    if (other === undefined) break;
    const difference = Number(nameOf(segment) !== undefined) - Number(nameOf(other) !== undefined);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function match(pattern: string[], segments: string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: [string, string][] = [];
  for (const [at, expected] of pattern.entries()) {
    const segment = segments[at] ?? '';
    const name = nameOf(expected);
    if (name === undefined) {
      if (segment !== expected) return undefined;
    } else if (segment === '') return undefined;
    else parameters.push([name, decodeURIComponent(segment)]);
  }
  return Object.fromEntries(parameters);
}
