import { answerThreadTask } from '../lambdas/steps/answer-thread.ts';
import { runAgentTask } from '../lambdas/steps/run-agent.ts';
import { settle } from '../lambdas/steps/settle.ts';
import { sweep } from '../lambdas/steps/sweep.ts';
import { fallback } from '../lib/adapters/http/fallback.ts';
import type { Bindings, BoundRoute } from '../lib/adapters/local/start.ts';
import { operations } from '../lib/apis/index.ts';
import { entryOf } from '../lib/apis/operation/operation.ts';
import { localTasks } from './local-tasks.ts';

const LAMBDAS = /^lambdas\//;

/** Every operation's own function, and the steps that state machines and events call, for the local platform. */
export async function localBindings(): Promise<Bindings> {
  const routes = await Promise.all(
    operations.map(async (operation) => {
      const entry = entryOf(operation).replace(LAMBDAS, '');
      // Relative and with its folder, so that a bundler finds what could be meant.
      const { handler } = (await import(`../lambdas/${entry}`)) as { handler: { route: BoundRoute } };
      return handler.route;
    }),
  );
  return {
    routes,
    fallback: (platform) => fallback(operations, platform),
    settle,
    sweep,
    taskModules: await localTasks(),
    threadTasks: (platform) => ({ AnswerThread: (payload) => answerThreadTask(platform)(payload) }),
    agentTasks: (platform) => ({
      RunAgent: (payload, { signal }) => runAgentTask(platform)(payload, signal),
    }),
  };
}
