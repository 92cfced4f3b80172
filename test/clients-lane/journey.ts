import type { Trial } from './client.ts';

/** What a journey's program says of itself in its last line of JSON. */
interface Travelled {
  /** The status in which each run was found at its end. */
  workspace: string;
  process: string;
  thread: string;
  agent: string;
  /** The workspace's run, and how many bytes of its output were read. */
  run: string;
  bytes: number;
  /** How many API keys were listed, whose members may be null. */
  keys: number;
  /** Whether the agent's run has content, which is null here. */
  content: boolean;
  /** Where a provider was found to be that was set: one of several kinds, of which only this one is somewhere. */
  address: string;
}

/** Nobody listens there, and nobody asks. */
const MODEL_URL = 'http://127.0.0.1:9/v1';

/** What the program of a journey finds in its environment. */
export const environmentOf = ({ platform: { url, demo } }: Trial): Record<string, string> => ({
  BASE_URL: url,
  API_KEY: demo.apiKey,
  WORKSPACE_ID: demo.workspaceId,
  DOCUMENT_ID: demo.documentId,
  AGENT_ID: demo.agentId,
  PROCESS_ID: demo.processId,
  MODEL_URL,
});

/** Holds what a program says of its journey through the four APIs against the platform. @throws Error */
export async function assertTravelled(output: string, { platform }: Trial): Promise<void> {
  const last = output.split('\n').findLast((line) => line.startsWith('{')) ?? '';
  let said: Travelled;
  try {
    said = JSON.parse(last) as Travelled;
  } catch (cause) {
    throw new Error(`The journey ended without a line of JSON:\n${output}`, { cause });
  }
  const { body: stored } = await platform.call('GET', `runs/${said.run}/output`);
  const { body: keys } = await platform.call('GET', 'api-keys');
  const right: Travelled = {
    workspace: 'succeeded',
    process: 'Succeeded',
    thread: 'completed',
    agent: 'succeeded',
    run: said.run,
    bytes: stored.size_bytes,
    keys: keys.items.length,
    content: false,
    address: MODEL_URL,
  };
  for (const [name, value] of Object.entries(right)) {
    const found = said[name as keyof Travelled];
    if (found !== value) throw new Error(`The journey found ${name} ${String(found)} instead of ${value}`);
  }
}
