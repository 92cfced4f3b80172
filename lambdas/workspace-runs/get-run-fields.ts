import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getRunFields } from '../../lib/apis/workspace-runs/contract.ts';
import { fieldsOf } from '../../lib/apis/workspace-runs/outputs/stored-report.ts';
import { findDocumentRun } from '../../lib/apis/workspace-runs/runs.ts';

export const handler = lambda(getRunFields, filesPlatform, async ({ path }, platform) =>
  fieldsOf(platform, await findDocumentRun(platform, path)),
);
