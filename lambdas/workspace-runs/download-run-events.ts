import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { contentDisposition } from '../../lib/apis/files/file-names.ts';
import { downloadRunEvents } from '../../lib/apis/workspace-runs/contract.ts';
import { findLog } from '../../lib/apis/workspace-runs/outputs/run-files.ts';

export const handler = lambda(downloadRunEvents, corePlatform, async ({ path }, platform) => {
  const { filename, bytes } = await findLog(platform, path);
  const headers = {
    'content-type': downloadRunEvents.success.contentType,
    'content-disposition': contentDisposition(filename),
  };
  return { status: 200, headers, stream: bytes };
});
