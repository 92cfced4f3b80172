import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { Replied } from '../../lib/adapters/http/replied.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { assertOneSheet, previewOutput } from '../../lib/apis/workspace-runs/output-preview.ts';
import { previewRunOutput as operation } from '../../lib/apis/workspace-runs/outputs-contract.ts';
import { findRun } from '../../lib/apis/workspace-runs/runs.ts';

export const previewRunOutput = route(
  operation,
  async ({ path, query }, platform: Pick<Platform, 'runs' | 'files'>) => {
    assertOneSheet(query);
    const preview = await previewOutput(platform, await findRun(platform, path), query);
    return new Replied(preview, { 'cache-control': 'no-store' });
  },
);

export const handler = toHandler(previewRunOutput, filesPlatform);
