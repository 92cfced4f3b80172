import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { download } from '../../lib/adapters/http/download.ts';
import { route, toStreamHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { notFound } from '../../lib/apis/refusal.ts';
import { downloadRunInput as operation } from '../../lib/apis/workspace-runs/contract.ts';
import { findInput } from '../../lib/apis/workspace-runs/run-files.ts';

export const downloadRunInput = route(
  operation,
  async ({ path, query }, platform: Pick<Platform, 'runs' | 'documents' | 'files'>) => {
    const { input } = await findInput(platform, path);
    return download(platform.files, input, {
      redirect: query.redirect,
      missing: () => notFound('Run input is unavailable'),
    });
  },
);

export const handler = toStreamHandler(downloadRunInput, filesPlatform);
