import { describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import { createClient } from '../../lib/client/index.ts';
import { OPERATIONS } from '../../lib/client/types.ts';

/** What is sent, by a client whose requests go nowhere. */
async function sentBy(call: (client: ReturnType<typeof createClient>) => unknown): Promise<string[]> {
  const sent: string[] = [];
  const client = createClient({
    baseUrl: 'http://platform',
    apiKey: 'k',
    fetch: async (url, init) => {
      sent.push(`${init?.method} ${String(url).replace('http://platform', '')}`);
      return new Response('{}', { headers: { 'content-type': 'application/json' } });
    },
  });
  const called = await call(client);
  if (typeof called === 'object' && called !== null && 'text' in called)
    await (called as { text(): unknown }).text();
  return sent;
}

describe('the client', () => {
  it('has the operations of the platform, and no others', () => {
    const table = Object.entries(OPERATIONS).map(
      ([id, { api, method, path }]) => `${id} ${api} ${method} ${path}`,
    );

    expect(table.toSorted()).toEqual(
      operations
        .map(({ operationId, api, method, path }) => `${operationId} ${api} ${method} ${path}`)
        .toSorted(),
    );
  });

  it.each(Object.entries(OPERATIONS))(
    'sends %s to its path, as a method and by its id',
    async (id, entry) => {
      const names = [...entry.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
      const path = Object.fromEntries(names.map((name) => [name, `the-${name}`]));
      const parts = { query: { cursor: 'c' }, body: { a: 1 }, form: new FormData() };
      const given = [...entry.named.map((name) => path[name]), ...entry.takes.map((part) => parts[part])];
      const url =
        entry.path.replace(/\{(\w+)\}/g, 'the-$1') + (entry.takes.includes('query') ? '?cursor=c' : '');

      const byId = await sentBy((client) => client.request(id as 'getRun', { path, ...parts } as never));
      const asMethod = await sentBy((client) => {
        const groups: Record<string, object> = {
          'workspace-runs': client.workspaceRuns('the-workspaceId'),
          'thread-runs': client.threadRuns('the-projectId'),
          'process-runs': client.processRuns,
          'agent-run': client.agentRun,
          reference: client.reference,
        };
        const group = groups[entry.api] as Record<string, (...given: unknown[]) => unknown>;
        const file = entry.takes.includes('form')
          ? [new File(['x'], 'x.csv')]
          : given.slice(entry.named.length);
        return group[id]?.(...given.slice(0, entry.named.length), ...file);
      });

      expect(byId).toEqual([`${entry.method} ${url}`]);
      expect(asMethod).toEqual(byId);
    },
  );
});
