import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { correctValue as correct } from '../../lib/apis/workspace-runs/corrections/correct.ts';
import { correctValue } from '../../lib/apis/workspace-runs/corrections/corrections-contract.ts';

export const handler = lambda(correctValue, corePlatform, ({ caller, path, body }, platform) =>
  correct(platform, { ...path, workspaceId: caller.workspaceId }, body),
);
