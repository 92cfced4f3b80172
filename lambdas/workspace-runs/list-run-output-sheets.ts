import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { listOutputSheets } from '../../lib/apis/workspace-runs/outputs/output-preview.ts';
import { listRunOutputSheets } from '../../lib/apis/workspace-runs/outputs/outputs-contract.ts';
import { findDocumentRun } from '../../lib/apis/workspace-runs/runs.ts';

export const handler = lambda(listRunOutputSheets, filesPlatform, async ({ path }, platform) =>
  listOutputSheets(platform, await findDocumentRun(platform, path)),
);
