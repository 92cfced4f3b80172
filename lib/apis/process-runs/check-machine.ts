import type { MachineReader } from '../../runs/ports.ts';
import { Refused } from '../operation/refusal.ts';

/** Step Functions fills its bucket of such calls within a second. */
const BUSY_SECONDS = 2;

/**
 * Says what is wrong with a state machine when it is registered, and not at the first run. One that cannot be
 * looked at for now is not taken either: registering is rare and may be asked for again, and what is wrong
 * with a machine that was taken would be found by somebody else.
 * @throws Refused 400 for a machine whose executions cannot be runs, 503 for one that cannot be looked at yet.
 */
export async function checkMachine(executor: MachineReader, machineArn: string): Promise<void> {
  const look = await executor.lookAtMachine(machineArn);
  if (look.status === 'fit') return;
  if (look.status === 'unfit') {
    throw new Refused({
      category: 'invalid',
      issues: [{ path: 'state_machine_arn', message: look.reason }],
    });
  }
  throw new Refused(
    {
      category: 'unavailable',
      message: 'The state machine cannot be looked at for now. Please try again in a moment',
      retryAfterSeconds: BUSY_SECONDS,
    },
    { cause: look.cause },
  );
}
