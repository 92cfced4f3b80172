import type { Account, AccountChoice, Quota } from '../../../lib/adapters/aws/account.ts';
import type { Taken } from '../../../lib/adapters/aws/signed-questions.ts';
import { complaintOf } from '../account-fault.ts';
import { type Seen, seen } from './seen.ts';

/** What an account grants in a region, whatever is deployed there. */
export interface AccountFacts {
  region: string;
  concurrency: Seen<{ limit: number; unreserved: number }>;
  quotas: { quota: NeededQuota; seen: Seen<number> }[];
  roles: Seen<Taken>;
  restApis: Seen<number>;
}

export interface NeededQuota extends Quota {
  /** What there is so much of. */
  of: string;
  /** With less than this the account, not the platform, says how much is possible. */
  needs: number;
  /** What has to be asked for in its place, where AWS takes no wishes. */
  comesWith?: Quota & { value: number };
}

/** What the API's stage lets through, as lib/stacks/runs-stack.ts sets it: per second, and at once. */
export const STAGE_RATE = 200;
export const STAGE_BURST = 400;

/** A run of a document is the dearest to write. */
const WRITES_PER_RUN = 10;

/** Concurrent executions of Lambda, which are read from Lambda itself; the code is for asking for more. */
export const CONCURRENT_EXECUTIONS: Quota = { service: 'lambda', code: 'L-B99A9384' };

export const QUOTAS: readonly NeededQuota[] = [
  {
    service: 'apigateway',
    code: 'L-8A5B8E43',
    of: 'requests a second for all APIs of the account',
    needs: STAGE_RATE,
  },
  {
    service: 'apigateway',
    code: 'L-CDF5615A',
    of: 'requests at once for all APIs of the account',
    needs: STAGE_BURST,
    // AWS sets it to half of what it grants a second.
    comesWith: { service: 'apigateway', code: 'L-8A5B8E43', value: 2 * STAGE_BURST },
  },
  {
    service: 'dynamodb',
    code: 'L-AB614373',
    of: 'write units a second in one table',
    needs: STAGE_RATE * WRITES_PER_RUN,
  },
];

/** Roles of IAM, which are counted in one region for all. */
export const ROLES: Quota = { service: 'iam', code: 'L-FE177D64' };

/** What AWS lets an account have of them in a region, and raises for nobody. */
export const MOST_REST_APIS = 600;

/** What a stage takes at most, with every option and some operations more: one that fits is not refused half-way. */
export const A_STAGE_TAKES = { roles: 110, restApis: 1 };

/** Everything that is asked may be denied; that is a fact, too. */
export async function lookAtAccount(account: Account, choice: AccountChoice): Promise<AccountFacts> {
  const asked = <Value>(to: string, ask: () => Promise<Value>): Promise<Seen<Value>> =>
    seen(async () => {
      try {
        return await ask();
      } catch (error) {
        throw complaintOf(error, { ...choice, to });
      }
    });
  const [region, concurrency, roles, restApis, ...quotas] = await Promise.all([
    account.region(),
    asked("read Lambda's limits", () => account.concurrency()),
    asked("count the account's roles", () => account.roles()),
    asked("count the account's REST APIs", () => account.restApis()),
    ...QUOTAS.map(async (quota) => ({
      quota,
      seen: await asked("read the account's quotas", () => account.quota(quota)),
    })),
  ]);
  return { region, concurrency, quotas, roles, restApis };
}
