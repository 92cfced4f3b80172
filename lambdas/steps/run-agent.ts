import { modelPlatform } from '../../lib/adapters/aws/platform.ts';
import { Task, type Worked, type WorkPlatform, workOnRun } from '../../lib/apis/agent-run/work.ts';
import { type Invocation, logStep } from '../../lib/apis/log/log-step.ts';

/** On Lambda nobody says that an execution was given up; the worker looks at its run instead. */
const NEVER = new AbortController().signal;

/** The RunAgent state of `agent-run`. */
export const runAgentTask =
  (platform: () => WorkPlatform) =>
  async (task: unknown, signal: AbortSignal = NEVER, invocation?: Invocation): Promise<Worked> => {
    const parsed = Task.parse(task);
    const { workspaceId, runId, delivery } = parsed;
    return logStep(platform(), { step: 'run-agent', invocation, workspaceId, runId, delivery }, (logged) =>
      workOnRun(logged, parsed, signal),
    );
  };

export const handler = (task: unknown, invocation: Invocation): Promise<Worked> =>
  runAgentTask(modelPlatform)(task, NEVER, invocation);
