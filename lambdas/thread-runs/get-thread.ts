import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { readThread } from '../../lib/apis/thread-runs/read-thread.ts';
import { getThread } from '../../lib/apis/thread-runs/threads-contract.ts';

export const handler = lambda(getThread, filesPlatform, ({ caller, path }, platform) =>
  readThread(platform, caller.workspaceId, path.threadId),
);
