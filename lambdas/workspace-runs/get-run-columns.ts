import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getRunColumns } from '../../lib/apis/workspace-runs/contract.ts';
import { columnsOf } from '../../lib/apis/workspace-runs/outputs/report.ts';
import { findRun } from '../../lib/apis/workspace-runs/runs.ts';

export const handler = lambda(getRunColumns, filesPlatform, async ({ path, query }, platform) =>
  columnsOf(platform, await findRun(platform, path), query),
);
