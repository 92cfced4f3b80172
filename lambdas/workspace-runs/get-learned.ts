import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { WithHeaders } from '../../lib/adapters/http/with-headers.ts';
import { etagOf } from '../../lib/apis/operation/precondition.ts';
import { findLearned, toLearned } from '../../lib/apis/workspace-runs/learned/learned.ts';
import { getLearned } from '../../lib/apis/workspace-runs/learned/learned-contract.ts';

export const handler = lambda(getLearned, corePlatform, async ({ caller, path }, platform) => {
  const learned = await findLearned(platform, { ...path, workspaceId: caller.workspaceId });
  return new WithHeaders(toLearned(learned), { etag: etagOf(learned) });
});
