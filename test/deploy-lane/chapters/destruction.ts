import { isDeepStrictEqual } from 'node:util';
import { type Deployment, KEPT, type Lane } from './lane.ts';

/** What docs/deploy.md says of the end of a stage. */
export async function destroyAll({ checks, cdk }: Lane, { stage, assembly }: Deployment): Promise<void> {
  await checks.attempt('cdk destroy', () => cdk.destroy(assembly));
  const kept = await stage.stands();
  checks.check('what stays is what docs/deploy.md says', isDeepStrictEqual(kept, KEPT), kept);
}
