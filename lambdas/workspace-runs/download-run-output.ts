import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { download } from '../../lib/adapters/http/download.ts';
import { route, toStreamHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { notFound } from '../../lib/apis/refusal.ts';
import { downloadRunOutput as operation } from '../../lib/apis/workspace-runs/contract.ts';
import { outputOf } from '../../lib/apis/workspace-runs/run-files.ts';
import { findRun } from '../../lib/apis/workspace-runs/runs.ts';

export const downloadRunOutput = route(
  operation,
  async ({ path, query }, platform: Pick<Platform, 'runs' | 'files'>) =>
    download(platform.files, outputOf(await findRun(platform, path)), {
      redirect: query.redirect,
      missing: () => notFound('Run output is unavailable'),
    }),
);

export const handler = toStreamHandler(downloadRunOutput, filesPlatform);
