import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * What can happen to one try of a request:
 * `lost` it was applied, and the connection broke before the answer; `late` it was applied, and the answer
 * came after the time limit; `unsent` the connection broke before it was sent; `throttled` it was refused.
 */
export type Fault = 'lost' | 'late' | 'unsent' | 'throttled';
export const FAULTS: readonly Fault[] = ['lost', 'late', 'unsent', 'throttled'];

const asError = (name: string, members: object): Error =>
  Object.assign(new Error(`${name}, by the test`), { name, ...members });

const ERRORS: Record<Fault, () => Error> = {
  lost: () => asError('Error', { code: 'ECONNRESET', $retryable: {} }),
  late: () => asError('TimeoutError', { code: 'ETIMEDOUT' }),
  unsent: () => asError('Error', { code: 'ECONNRESET', $retryable: {} }),
  throttled: () => asError('ThrottlingException', { $metadata: { httpStatusCode: 400 }, $fault: 'client' }),
};

/**
 * Makes the tries of a client's write requests fail as the script says, one entry a try and undefined for a
 * try that passes; after its end all pass. Reads are left alone. Returns what has become of the script.
 */
export function injectFaults(
  client: DynamoDBDocumentClient,
  script: readonly (Fault | undefined)[],
): { tries: number } {
  const played = { tries: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (!/^(Put|Update|Delete)Item/.test(context.commandName ?? '')) return next(args);
      const fault = script[played.tries];
      played.tries += 1;
      // Whatever the answer was, a refusal included, it does not arrive.
      if (fault === 'lost' || fault === 'late') await next(args).catch(() => undefined);
      if (fault !== undefined) throw ERRORS[fault]();
      return next(args);
    },
    // After the SDK's own retries, so that each of its tries passes through here.
    { step: 'finalizeRequest', priority: 'low', name: 'faults' },
  );
  return played;
}
