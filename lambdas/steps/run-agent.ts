import { modelPlatform } from '../../lib/adapters/aws/platform.ts';
import { Task, type Worked, type WorkPlatform, workOnRun } from '../../lib/apis/agent-run/work.ts';

/** On Lambda nobody says that an execution was given up; the worker looks at its run instead. */
const NEVER = new AbortController().signal;

/** The RunAgent state of `agent-run`. */
export const runAgentTask =
  (platform: () => WorkPlatform) =>
  (task: unknown, signal: AbortSignal = NEVER): Promise<Worked> =>
    workOnRun(platform(), Task.parse(task), signal);

export const handler = (task: unknown): Promise<Worked> => runAgentTask(modelPlatform)(task);
