import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toStreamHandler } from '../../lib/adapters/http/handler.ts';
import { sleep } from '../../lib/adapters/http/sleep.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { type AdmissionPlatform, admit } from '../../lib/apis/workspace-runs/admit-stream.ts';
import { streamRunEvents as operation } from '../../lib/apis/workspace-runs/contract.ts';
import { cursorOf, STREAM_SECONDS, serverSentEvents } from '../../lib/apis/workspace-runs/event-stream.ts';
import { findRun } from '../../lib/apis/workspace-runs/runs.ts';
import { followLog } from '../../lib/runs/follow.ts';
import { sharedReads } from '../../lib/runs/shared-reads.ts';

const headers = {
  'content-type': operation.success.contentType,
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

export const streamRunEvents = route(
  operation,
  async ({ path, query, request, signal }, platform: Pick<Platform, 'runs' | 'log'> & AdmissionPlatform) => {
    const run = await findRun(platform, path);
    const closing = AbortSignal.any([signal, AbortSignal.timeout(STREAM_SECONDS * 1000)]);
    const cursor = cursorOf(request.header('last-event-id'), query.cursor);
    const steps = followLog(sharedReads(platform), run, { cursor, signal: closing, sleep });
    const stream = await admit(platform, run, serverSentEvents(steps, run, platform.now));
    return { status: 200, headers, stream };
  },
);

export const handler = toStreamHandler(streamRunEvents, corePlatform);
