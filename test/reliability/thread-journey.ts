import type { AnsweringPlatform } from '../../lib/apis/platform.ts';
import { toRunId, toThreadId } from '../../lib/apis/thread-runs/ids.ts';
import { readThread } from '../../lib/apis/thread-runs/read-thread.ts';
import { cancelThreadRun, createThreadRun } from '../../lib/apis/thread-runs/runs.ts';
import { answerOf } from '../../lib/apis/thread-runs/thread-run.ts';
import { createThread } from '../../lib/apis/thread-runs/threads.ts';
import type { Run } from '../../lib/runs/run.ts';
import { aWorkspaceWithAgent } from './an-agent.ts';
import type { Journey } from './clients.ts';

/** What is said in the thread is what its runs were asked and answered, in their order. */
async function judgeThread(
  on: AnsweringPlatform,
  workspaceId: string,
  threadId: string,
  runs: readonly Run[],
): Promise<string[]> {
  const { messages } = await readThread(on, workspaceId, threadId);
  const said = messages.map(({ role, content }) => `${role}: ${content}`);
  const expected = runs.flatMap((run) => {
    const asked = String(run.input.message);
    const answer = answerOf(run);
    return [
      `user: ${asked}`,
      ...(answer === undefined ? [] : [`assistant: ${'text' in answer ? answer.text : ''}`]),
    ];
  });
  const wrong = runs.filter((run) => answerOf(run) !== undefined && run.status !== 'succeeded');
  return [
    ...wrong.map((run) => `output: ${run.id} is ${run.status} and has an answer`),
    ...(said.join('\n') === expected.join('\n')
      ? []
      : [`said: ${said.join(', ')} instead of ${expected.join(', ')}`]),
  ];
}

/** `POST …/threads/{threadId}/runs`, all of them in one thread. */
export const threadJourney = (): Journey => ({
  kind: 'thread',
  async prepare(platform) {
    const workspaceId = await aWorkspaceWithAgent(platform);
    const threadId = toThreadId((await createThread(platform, workspaceId)).id);
    const caller = { workspaceId, ownerId: 'somebody' };
    return {
      workspaceId,
      runsPerKey: 1,
      create: async (on, key) => {
        const { runs } = await createThreadRun(on, caller, threadId, { message: `Asked with ${key}` }, key);
        return runs.map(({ id }) => id);
      },
      cancel: (on, runId) => cancelThreadRun(on, workspaceId, { threadId, runId: toRunId(runId) }),
      judge: (on, runs) => judgeThread(on, workspaceId, threadId, runs),
    };
  },
});
