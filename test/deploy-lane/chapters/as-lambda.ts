import type { Assembly } from '../cdk.ts';
import { runFunctionsAsLambda } from '../runtime/run-functions.ts';
import type { Lane } from './lane.ts';

/** Each function of an assembly out of its zip, cold, with nothing in reach that Lambda would not give it. */
export async function runAsLambda({ account, checks }: Lane, { folder }: Assembly): Promise<void> {
  for await (const { name, ok, detail } of runFunctionsAsLambda(folder, account.node))
    checks.check(name, ok, detail);
}
