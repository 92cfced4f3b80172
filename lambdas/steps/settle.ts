import { parseStatusChange } from '../../lib/adapters/aws/parse-status-change.ts';
import { fullPlatform } from '../../lib/adapters/aws/platform.ts';
import { type Invocation, logFailure, logStep } from '../../lib/apis/log/log-step.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { keepOutputs } from '../../lib/apis/process-runs/outputs.ts';
import { settleRun } from '../../lib/runs/settle.ts';

type Needs = Pick<Platform, 'runs' | 'log' | 'files' | 'executor' | 'logger' | 'now' | 'newId'>;

/** What EventBridge calls when an execution has begun or ended: of our machines, or of somebody's process. */
export const settle =
  (platform: () => Needs) =>
  async (event: unknown, invocation?: Invocation): Promise<void> => {
    const { executor, files, logger } = platform();
    const step = { step: 'settle', invocation };
    const change = await logFailure(logger, step, () =>
      parseStatusChange(event, (execution) => executor.lookUp(execution)),
    );
    if (change === undefined) return;
    const { ref, state, isOwn } = change;
    const { workspaceId, runId } = ref;
    await logStep(platform(), { ...step, workspaceId, runId }, (logged) =>
      settleRun(logged, ref, state, { isOwn, keepOutput: keepOutputs(files) }),
    );
  };

export const handler = settle(fullPlatform);
