import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { tryConfiguration as tryIt } from '../../lib/apis/workspace-runs/try/try-configuration.ts';
import { tryConfiguration } from '../../lib/apis/workspace-runs/try/try-contract.ts';

export const handler = lambda(tryConfiguration, filesPlatform, ({ caller, path, body }, platform) =>
  tryIt(platform, {
    workspaceId: caller.workspaceId,
    configurationId: path.configurationId,
    documentId: body.document_id,
  }),
);
