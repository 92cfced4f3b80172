import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { contentOf } from '../../lib/apis/agent-run/content.ts';
import { getAgentRun as operation } from '../../lib/apis/agent-run/contract.ts';
import { findRun } from '../../lib/apis/agent-run/runs.ts';
import { toAgentRun } from '../../lib/apis/agent-run/view.ts';
import type { Platform } from '../../lib/apis/platform.ts';

export const getAgentRun = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'agents' | 'agentOwners' | 'runs' | 'files'>) => {
    const run = await findRun(platform, caller, path);
    return { ...toAgentRun(run), content: (await contentOf(platform.files, run)) ?? null };
  },
);

export const handler = toHandler(getAgentRun, filesPlatform);
