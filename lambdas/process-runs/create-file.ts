import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { createFile as create } from '../../lib/apis/process-runs/files.ts';
import { createFile as operation } from '../../lib/apis/process-runs/files-contract.ts';

export const createFile = route(
  operation,
  async ({ caller, body }, platform: Pick<Platform, 'agents' | 'processFiles' | 'files' | 'now' | 'newId'>) =>
    create(platform, caller, body),
);

export const handler = toHandler(createFile, filesPlatform);
