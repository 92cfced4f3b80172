import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { correctColumn as correct } from '../../lib/apis/workspace-runs/corrections/correct.ts';
import { correctColumn } from '../../lib/apis/workspace-runs/corrections/corrections-contract.ts';

export const handler = lambda(correctColumn, filesPlatform, ({ caller, path, body }, platform) =>
  correct(platform, { ...path, workspaceId: caller.workspaceId }, body.field),
);
