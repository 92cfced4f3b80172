import { byPrecedence, isSamePlace, matchTemplate, templateOf } from '../../http/path-templates.ts';

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
 * Finds the route of a request path, exactly: no trailing slash, no prefix. The path decides before the method
 * does: one that is there literally has no other methods than its own. Parameters are decoded.
 */
export function router<Route extends RoutePattern>(routes: readonly Route[]) {
  const patterns = routes
    .map((route) => ({ route, template: templateOf(route.path) }))
    .sort((a, b) => byPrecedence(a.template, b.template));

  return (method: string, path: string): RouteMatch<Route> | undefined => {
    const place = patterns.find(({ template }) => matchTemplate(template, path) !== undefined)?.template;
    if (place === undefined) return undefined;
    const found = patterns.find(
      ({ route, template }) => route.method === method && isSamePlace(template, place),
    );
    if (found === undefined) return undefined;
    const sent = Object.entries(matchTemplate(found.template, path) ?? {});
    const decoded = sent.map(([name, value]) => [name, decodeURIComponent(value)]);
    return { route: found.route, pathParameters: Object.fromEntries(decoded) };
  };
}
