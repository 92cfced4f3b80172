import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { getRunInput as operation } from '../../lib/apis/workspace-runs/contract.ts';
import { findInput } from '../../lib/apis/workspace-runs/run-files.ts';
import { toRunInput, withoutNulls } from '../../lib/apis/workspace-runs/view.ts';

export const getRunInput = route(
  operation,
  async ({ path }, platform: Pick<Platform, 'runs' | 'documents'>) => {
    const { run } = await findInput(platform, path, { deleted: 'Run input is unavailable' });
    return withoutNulls(toRunInput(run));
  },
);

export const handler = toHandler(getRunInput, corePlatform);
