import { readdir } from 'node:fs/promises';
import { answerThreadTask } from '../lambdas/steps/answer-thread.ts';
import { runAgentTask } from '../lambdas/steps/run-agent.ts';
import { settle } from '../lambdas/steps/settle.ts';
import { sweep } from '../lambdas/steps/sweep.ts';
import { fallback } from '../lib/adapters/http/fallback.ts';
import type { Bindings, BoundRoute } from '../lib/adapters/local/start.ts';
import { operations } from '../lib/apis/index.ts';
import { entryOf } from '../lib/apis/operation/operation.ts';

/** Every operation's own function, and the steps that state machines and events call, for the local platform. */
export async function localBindings(): Promise<Bindings> {
  const routes = await Promise.all(
    operations.map(async (operation) => {
      const { handler } = (await import(new URL(`../${entryOf(operation)}`, import.meta.url).href)) as {
        handler: { route: BoundRoute };
      };
      return handler.route;
    }),
  );
  return {
    routes,
    fallback: (platform) => fallback(operations, platform),
    settle,
    sweep,
    processTasks: {
      names: await processTasks(),
      module: new URL('./local-process-task.ts', import.meta.url),
    },
    threadTasks: (platform) => ({ AnswerThread: (payload) => answerThreadTask(platform)(payload) }),
    documentTasks: { ProcessDocument: new URL('./local-process-document.ts', import.meta.url) },
    agentTasks: (platform) => ({
      RunAgent: (payload, { signal }) => runAgentTask(platform)(payload, signal),
    }),
  };
}

/** Functions are called by the names of their files. */
async function processTasks(): Promise<Set<string>> {
  const files = await readdir(new URL('../lambdas/processes/', import.meta.url));
  return new Set(files.map((file) => file.replace(/\.ts$/, '')));
}
