import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** Asked by a step that has a minute, and that asks again in an hour. */
const LAMBDA = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
};

/**
 * How many functions of the account may run at once in this region, and how many of them are left to those
 * which, like ours, have reserved none for themselves.
 */
export async function readConcurrency(
  client = new LambdaClient(LAMBDA),
): Promise<{ limit: number; unreserved: number }> {
  const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
  const limit = AccountLimit?.ConcurrentExecutions;
  if (limit === undefined) throw new Error('Lambda did not say how many functions may run at once');
  return { limit, unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? limit };
}
