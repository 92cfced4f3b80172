import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { contentOf } from '../../lib/apis/agent-run/content.ts';
import { getAgentRun } from '../../lib/apis/agent-run/contract.ts';
import { findAgentRun } from '../../lib/apis/agent-run/runs.ts';
import { toAgentRun } from '../../lib/apis/agent-run/view.ts';

export const handler = lambda(getAgentRun, filesPlatform, async ({ caller, path }, platform) => {
  const run = await findAgentRun(platform, caller, path);
  return { ...toAgentRun(run), content: (await contentOf(platform.files, run)) ?? null };
});
