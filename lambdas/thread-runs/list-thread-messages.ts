import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { readMessages } from '../../lib/apis/thread-runs/read-thread.ts';
import { listThreadMessages } from '../../lib/apis/thread-runs/threads-contract.ts';

export const handler = lambda(listThreadMessages, filesPlatform, ({ caller, path, query }, platform) =>
  readMessages(platform, caller.workspaceId, path.threadId, query),
);
