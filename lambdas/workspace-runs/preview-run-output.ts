import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { WithHeaders } from '../../lib/adapters/http/with-headers.ts';
import { assertOneSheet } from '../../lib/apis/workspace-runs/outputs/open-output.ts';
import { previewOutput } from '../../lib/apis/workspace-runs/outputs/output-preview.ts';
import { previewRunOutput } from '../../lib/apis/workspace-runs/outputs/outputs-contract.ts';
import { findDocumentRun } from '../../lib/apis/workspace-runs/runs.ts';

export const handler = lambda(previewRunOutput, filesPlatform, async ({ path, query }, platform) => {
  assertOneSheet(query);
  const preview = await previewOutput(platform, await findDocumentRun(platform, path), query);
  return new WithHeaders(preview, { 'cache-control': 'no-store' });
});
