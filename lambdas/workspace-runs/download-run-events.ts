import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toStreamHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { downloadRunEvents as operation } from '../../lib/apis/workspace-runs/contract.ts';
import { contentDisposition } from '../../lib/apis/workspace-runs/file-names.ts';
import { findLog } from '../../lib/apis/workspace-runs/run-files.ts';

export const downloadRunEvents = route(
  operation,
  async ({ path }, platform: Pick<Platform, 'runs' | 'log'>) => {
    const { filename, bytes } = await findLog(platform, path);
    const headers = {
      'content-type': operation.success.contentType,
      'content-disposition': contentDisposition(filename),
    };
    return { status: 200, headers, stream: bytes };
  },
);

export const handler = toStreamHandler(downloadRunEvents, corePlatform);
