import type { Assembly, Cdk } from '../cdk.ts';
import type { Checks } from '../checks.ts';
import type { DeployedStage } from '../deployed-stage.ts';
import type { EmulatedAccount } from '../emulated-account.ts';

/** What a chapter of the lane works with. */
export interface Lane {
  account: EmulatedAccount;
  checks: Checks;
  cdk: Cdk;
}

/** A stage, and the assembly that it was deployed from last. */
export interface Deployment {
  stage: DeployedStage;
  assembly: Assembly;
}

/** What docs/deploy.md says that a destroyed stage leaves behind: the table, the bucket, the role for the gateway's logs. */
export const KEPT = { tables: 1, buckets: 1, roles: 1 };

/** The parts of a journey that tell whether a stage answers at all. */
export const BRIEFLY = ['gateway', 'documents', 'threads'];

/** A web page's that may call. */
export const ORIGIN = 'https://app.example.com';
