import { caretakingPlatform } from '../../lib/adapters/aws/caretaking-platform.ts';
import { LINES } from '../../lib/apis/log/log-lines.ts';
import { type Invocation, logStep } from '../../lib/apis/log/log-step.ts';
import type { CaretakingPlatform } from '../../lib/apis/platform.ts';
import { keepOutputs } from '../../lib/apis/process-runs/outputs.ts';
import { streamPlacesKeeper } from '../../lib/apis/streams/stream-places-keeper.ts';
import type { RunPlatform } from '../../lib/runs/ports.ts';
import { type PastLease, SWEEP_MS, type Swept, sweepRuns } from '../../lib/runs/sweep.ts';

/** What is kept of the function's time for the looks that are under way, in milliseconds. */
const RESERVE_MS = 15_000;

/** As Lambda tells a function of its invocation; absent when other code of ours calls it. */
type Timed = Invocation & { getRemainingTimeInMillis?(): number };

type Needs = RunPlatform & Pick<CaretakingPlatform, 'files' | 'account' | 'streams' | 'logger'>;

/** What the schedule calls every minute. */
export const sweep = (platform: () => Needs) => {
  const keepStreamPlaces = streamPlacesKeeper(platform);
  return (_event?: unknown, invocation?: Timed): Promise<Swept> =>
    logStep(platform(), { step: 'sweep', invocation }, async (logged) => {
      await keepStreamPlaces();
      const { files, logger, now } = logged;
      const onFound = ({ runs, oldestLease }: PastLease): void => {
        const milliseconds = now().getTime() - Date.parse(oldestLease);
        logger.info(LINES.pastLease, { runs, oldestLeaseSeconds: Math.round(milliseconds / 1000) });
      };
      const remaining = invocation?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
      const withinMs = Math.min(SWEEP_MS, remaining - RESERVE_MS);
      const swept = await sweepRuns(logged, { keepOutput: keepOutputs(files), onFound, withinMs });
      logger.info('swept', { ...swept });
      return swept;
    });
};

export const handler = sweep(caretakingPlatform);
