import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { diffRuns } from '../../lib/apis/workspace-runs/diff/diff-contract.ts';
import { diffOutputs } from '../../lib/apis/workspace-runs/diff/diff-outputs.ts';
import { findDocumentRun } from '../../lib/apis/workspace-runs/runs.ts';

export const handler = lambda(diffRuns, filesPlatform, async ({ path }, platform) => {
  const [before, after] = await Promise.all([
    findDocumentRun(platform, path),
    findDocumentRun(platform, { ...path, runId: path.otherRunId }),
  ]);
  return diffOutputs(platform, before, after);
});
