import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { WithHeaders } from '../../lib/adapters/http/with-headers.ts';
import { etagOf } from '../../lib/apis/operation/precondition.ts';
import { replaceLearned as replace, toLearned } from '../../lib/apis/workspace-runs/learned/learned.ts';
import { replaceLearned } from '../../lib/apis/workspace-runs/learned/learned-contract.ts';

export const handler = lambda(
  replaceLearned,
  corePlatform,
  async ({ caller, path, body, request }, platform) => {
    const { workspaceId } = caller;
    const precondition = { ifMatch: request.header('if-match') };
    const learned = await replace(platform, { ...path, workspaceId }, body, precondition);
    return new WithHeaders(toLearned(learned), { etag: etagOf(learned) });
  },
);
