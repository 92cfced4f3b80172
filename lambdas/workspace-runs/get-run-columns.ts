import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { withNext } from '../../lib/adapters/http/with-headers.ts';
import { getRunColumns } from '../../lib/apis/workspace-runs/contract.ts';
import { columnsOf } from '../../lib/apis/workspace-runs/outputs/stored-report.ts';
import { findDocumentRun } from '../../lib/apis/workspace-runs/runs.ts';

export const handler = lambda(getRunColumns, filesPlatform, async ({ path, query, request }, platform) => {
  const { columns, next } = await columnsOf(platform, await findDocumentRun(platform, path), query);
  return withNext(columns, request.path, { ...query, offset: next });
});
