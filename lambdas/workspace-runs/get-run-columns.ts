import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getRunColumns } from '../../lib/apis/workspace-runs/contract.ts';
import { columnsOf } from '../../lib/apis/workspace-runs/outputs/stored-report.ts';
import { findDocumentRun } from '../../lib/apis/workspace-runs/runs.ts';

export const handler = lambda(getRunColumns, filesPlatform, async ({ path, query }, platform) =>
  columnsOf(platform, await findDocumentRun(platform, path), query),
);
