import type { BoundRoute } from '../../lib/adapters/local/start.ts';
import { operations } from '../../lib/apis/index.ts';
import { entryOf } from '../../lib/apis/operation/operation.ts';

/** The routes of every operation, with the verbs that the functions of `lambdas/` bind. See also `bundle.ts`. */
export const ROUTES: readonly BoundRoute[] = await Promise.all(
  operations.map(async (operation) => {
    const { handler } = (await import(new URL(`../../${entryOf(operation)}`, import.meta.url).href)) as {
      handler: { route: BoundRoute };
    };
    return handler.route;
  }),
);
