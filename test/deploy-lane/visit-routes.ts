import type { Answer, Caller } from './caller.ts';
import type { Checks } from './checks.ts';
import { said } from './look-behind.ts';
import { allRoutes, pathOf, type Route, requestOf, type Told, wrongWith } from './routes.ts';

export interface Visit extends Caller, Told {
  checks: Checks;
  workspaceId: string;
}

/** Two cores have as much to do when more start at once. */
const AT_ONCE = 4;

/**
 * Calls every route of the API once: each is answered by its own function, which may read who calls, has all its
 * variables and may write its log. What a function does beyond that is for the journeys to meet.
 */
export async function visitRoutes({ call, checks, workspaceId, stage, origin }: Visit): Promise<void> {
  const routes = allRoutes();
  const visited = new Map<Route, { id: string; answer: Answer }>();
  const began = Date.now();
  const left = routes.values();
  const visitSome = async (): Promise<void> => {
    for (const route of left) {
      const id = `route-${began}-${routes.indexOf(route)}`;
      const headers = { 'x-request-id': id, ...(origin === undefined ? {} : { origin }) };
      const path = pathOf(route, workspaceId);
      visited.set(route, { id, answer: await call(route.method, path, { ...requestOf(route), headers }) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitSome));
  const written = await said(`runplane-${stage}-`);
  const wrong = [...visited].flatMap(([route, { id, answer }]) => {
    const problems = wrongWith(route, id, answer, written, { stage, origin });
    return problems.length === 0 ? [] : [{ route, problems }];
  });
  for (const { route, problems } of wrong)
    checks.check(`${route.name} is answered by ${route.answeredBy}`, false, problems);
  if (wrong.length === 0)
    checks.check(`${routes.length} routes are answered, each by its own function`, true);
}
