import type { FileStore } from '../../../lib/apis/files/ports.ts';
import type { Models } from '../../../lib/apis/platform.ts';
import { answerThread } from '../../../lib/apis/thread-runs/answer-thread.ts';
import type { ThreadRecord } from '../../../lib/apis/thread-runs/thread-record.ts';
import { createThread, threadRunRef } from '../../../lib/apis/thread-runs/threads.ts';
import { NO_TOKENS } from '../../../lib/apis/workspaces/tokens.ts';
import { A_WORKSPACE } from '../../support/builders.ts';
import { openTestRuns } from '../../support/run-platform.ts';

/** Files in memory: what threads put there is read back whole. */
function memoryFiles(): FileStore & { contents: Map<string, Uint8Array> } {
  const contents = new Map<string, Uint8Array>();
  const unused = async (): Promise<never> => {
    throw new Error('Threads do not do this to files');
  };
  return {
    contents,
    bucket: 'memory',
    put: async (key, body) => void contents.set(key, body),
    get: async (key) => {
      const body = contents.get(key);
      if (body === undefined) return undefined;
      const stream = (async function* () {
        yield body;
      })();
      return { size: body.length, contentType: 'text/plain', body: stream };
    },
    remove: async (key) => void contents.delete(key),
    head: unused,
    copy: unused,
    signUpload: unused,
    signDownload: unused,
  };
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const models: Models = () => ({ resolveSecret: async () => '' });

export interface AgentSettings {
  instructions?: string;
  maxOutputTokens?: number;
  provider?: Record<string, unknown>;
}

/** Everything that threads need, on the real store, with a clock and an executor in the test's hands. */
export async function openThreads(settings: AgentSettings = {}) {
  const runs = await openTestRuns();
  const platform = { ...runs, files: memoryFiles(), models, tokens: NO_TOKENS, logger: quiet };
  const { provider = { type: 'echo' }, ...rest } = settings;
  const at = platform.now().toISOString();
  const dated = { version: 1, createdAt: at, updatedAt: at };
  await platform.providers.insert(A_WORKSPACE, { id: 'model', ...dated, settings: provider });
  await platform.agentVersions.insert(A_WORKSPACE, {
    id: 'helper#000000000001',
    version: 1,
    no: 1,
    definition: {
      model: { provider_id: 'model', name: 'echo' },
      messages: [{ role: 'system', content: 'You help.' }],
      ...rest,
    },
    createdAt: at,
  });
  await platform.agents.insert(A_WORKSPACE, {
    id: 'helper',
    ...dated,
    name: 'Helper',
    versions: 1,
    deployedVersion: 1,
    deployedBefore: [],
  });
  return {
    platform,
    close: () => runs.close(),
    thread: (): Promise<ThreadRecord> => createThread(platform, A_WORKSPACE),
    /** Does what the machine's task does, as its delivery of that number. */
    answer: (runId: string, delivery = 0) =>
      answerThread(platform, threadRunRef(A_WORKSPACE, runId), delivery),
  };
}

export type Threads = Awaited<ReturnType<typeof openThreads>>;
export type ThreadPlatform = Threads['platform'];
