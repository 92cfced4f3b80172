import type { InputShape, Success } from '../../apis/operation/operation.ts';
import { Refused } from '../../apis/operation/refusal.ts';
import type { Route } from '../http/handler.ts';
import type { LocalMachine, TaskHandler } from './asl/asl-executor.ts';
import { DISK_FULL, type DiskSpace, isOutOfSpace } from './disk-space.ts';

const RETRY_SECONDS = 10;

const noSpace = (cause?: unknown): Refused =>
  new Refused(
    { category: 'unavailable', message: DISK_FULL, retryAfterSeconds: RETRY_SECONDS },
    cause === undefined ? {} : { cause },
  );

/**
 * The route on a disk that may fill up. What writes is refused as long as there is little space, so that what
 * was taken before can be finished; and what comes to grief on a full disk says why.
 */
export const refuseWhenFull = <Needs>(
  route: Route<InputShape, Success, Needs>,
  disk: DiskSpace,
): Route<InputShape, Success, Needs> => ({
  ...route,
  respond: async (input, platform) => {
    if (route.operation.method !== 'GET' && (await disk.isShort())) throw noSpace();
    try {
      return await route.respond(input, platform);
    } catch (error) {
      const isOurs = !(error instanceof Refused) || error.refusal.category === 'internal';
      if (isOurs && (disk.isFull || isOutOfSpace(error))) throw noSpace(error);
      throw error;
    }
  },
});

/** The machine with tasks that have not failed when it was for want of space: everything waits for some then. */
export const waitingForSpace = (machine: LocalMachine, disk: DiskSpace): LocalMachine => ({
  ...machine,
  tasks: Object.fromEntries(
    Object.entries(machine.tasks).map(([state, task]): [string, TaskHandler] => [
      state,
      async (payload, context) => {
        try {
          return await task(payload, context);
        } catch (error) {
          if (isOutOfSpace(error)) await disk.noteFull();
          throw error;
        }
      },
    ]),
  ),
});
