import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AgentPart, createClient } from '../../lib/client/index.ts';
import { type DroppingServer, type Said, startDropping } from './dropping-server.ts';
import { impatientClock } from './impatient.ts';

let server: DroppingServer;
let says: Said;

const stream = (...events: string[]): Said => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream', 'x-run-id': 'r1', 'x-request-id': 'q1' },
  body: events.map((event) => `${event}\r\n\r\n`).join(''),
});
const START = 'data: {"type":"start"}';
const TEXT = 'data: {"type":"text-delta","id":"0","text":"Hello"}';
const FINISH = 'data: {"type":"finish","finishReason":"stop","totalUsage":{}}';

beforeEach(async () => {
  server = await startDropping(async () => says);
  server.cutting = () => undefined;
});
afterEach(() => server.close());

/** What came, and what it ended with. */
async function run(): Promise<{ types: string[]; error?: unknown }> {
  const client = createClient({ baseUrl: server.url, apiKey: 'k', clock: impatientClock() });
  const parts: AgentPart[] = [];
  try {
    for await (const part of client.agentRun.streamAgent({ agent_id: 'a', variables: { n: 1 } }))
      parts.push(part);
  } catch (error) {
    return { types: parts.map(({ type }) => type), error };
  }
  return { types: parts.map(({ type }) => type) };
}

describe('an agent’s answer, part by part', () => {
  it('ends with its last part', async () => {
    says = stream(START, ': ping 1', TEXT, FINISH);

    expect(await run()).toEqual({ types: ['start', 'text-delta', 'finish'] });
    expect(JSON.parse(server.heard[0]?.body.toString() ?? '')).toEqual({
      agent_id: 'a',
      variables: { n: 1 },
      stream: true,
    });
  });

  it('ends with what went wrong as its last part, or with the mark of others', async () => {
    says = stream(START, 'data: {"type":"error","error":{"message":"Error processing agent run"}}');
    expect(await run()).toEqual({ types: ['start', 'error'] });

    says = stream(START, TEXT, 'data: [DONE]');
    expect(await run()).toEqual({ types: ['start', 'text-delta'] });
  });

  it('is cut off when it ends with any other part, and is not asked for again', async () => {
    says = stream(START, TEXT);

    expect(await run()).toEqual({
      types: ['start', 'text-delta'],
      error: expect.objectContaining({
        code: 'cut',
        runId: 'r1',
        requestId: 'q1',
        message:
          'The answer broke off before its end and cannot be taken up again: look at its run, or run the agent anew',
      }),
    });
    expect(server.heard).toHaveLength(1);
  });

  it('is refused before anything comes', async () => {
    says = { status: 404, body: '{"message":"Agent not found"}' };

    expect(await run()).toEqual({
      types: [],
      error: expect.objectContaining({ status: 404, message: 'Agent not found' }),
    });
  });

  it('that is no JSON says so', async () => {
    says = stream('data: {"type":');

    expect(await run()).toMatchObject({ types: [], error: { code: 'bad_answer', requestId: 'q1' } });
  });
});
