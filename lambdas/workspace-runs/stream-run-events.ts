import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { sleep } from '../../lib/adapters/http/sleep.ts';
import { streamRunEvents } from '../../lib/apis/workspace-runs/contract.ts';
import { admit } from '../../lib/apis/workspace-runs/events/admit-stream.ts';
import {
  cursorOf,
  STREAM_SECONDS,
  serverSentEvents,
} from '../../lib/apis/workspace-runs/events/event-stream.ts';
import { findDocumentRun } from '../../lib/apis/workspace-runs/runs.ts';
import { followLog } from '../../lib/runs/follow.ts';
import { sharedReads } from '../../lib/runs/shared-reads.ts';

const headers = {
  'content-type': streamRunEvents.success.contentType,
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

export const handler = lambda(
  streamRunEvents,
  corePlatform,
  async ({ path, query, request, signal }, platform) => {
    const run = await findDocumentRun(platform, path);
    const closing = AbortSignal.any([signal, AbortSignal.timeout(STREAM_SECONDS * 1000)]);
    const cursor = cursorOf(request.header('last-event-id'), query.cursor);
    const steps = followLog(sharedReads(platform), run, { cursor, signal: closing, sleep });
    const stream = await admit(platform, run, serverSentEvents(steps, run, platform.now));
    return { status: 200, headers, stream };
  },
);
