import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toStreamHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { getProcessRunEvents as operation } from '../../lib/apis/process-runs/contract.ts';
import { readEvents } from '../../lib/apis/process-runs/runs.ts';

export const getProcessRunEvents = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'runs' | 'log'>) => ({
    status: 200,
    headers: { 'content-type': operation.success.contentType },
    stream: await readEvents(platform, caller, path.run_id),
  }),
);

export const handler = toStreamHandler(getProcessRunEvents, corePlatform);
