import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { createFile as create } from '../../lib/apis/process-runs/files.ts';
import { createFile } from '../../lib/apis/process-runs/files-contract.ts';

export const handler = lambda(createFile, filesPlatform, async ({ caller, body }, platform) =>
  create(platform, caller, body),
);
