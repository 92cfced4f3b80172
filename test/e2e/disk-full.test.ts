import { appendFile, mkdtemp, readFile, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeAgent } from '../support/agents.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { canMount, mountDisk, unmountDisk } from '../support/small-disk.ts';

const folder = await mkdtemp(join(tmpdir(), 'runplane-disk-'));
const filler = join(folder, 'filler');

async function fill(leaveBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  await appendFile(filler, Buffer.alloc(Math.max(bavail * bsize - leaveBytes, 0), 'x')).catch(
    () => undefined,
  );
}

describe.skipIf(!canMount)('on a disk that fills up', () => {
  let platform: TestPlatform;
  let agentId: string;
  const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  beforeAll(async () => {
    mountDisk(folder, 'size=48m');
    platform = await startTestPlatform(join(folder, 'data'));
    agentId = await makeAgent(platform, { providerId: 'slow', settings: { type: 'echo', msPerWord: 150 } });
  });
  afterAll(async () => {
    await platform.close();
    printed.mockRestore();
    unmountDisk(folder);
    await rm(folder, { recursive: true });
  });

  const project = () => `/api/projects/${platform.demo.workspaceId}`;
  const bytes = 'First Name,Email\nAda,ada@example.com\n';
  const writes = (): Promise<{ status: number; body: unknown; headers: Headers }[]> =>
    Promise.all([
      platform.upload('full.csv', bytes),
      platform.call('POST', 'runs', { json: { inputDocumentId: platform.demo.documentId } }),
      platform.call('POST', '/api/v1/run', { json: { agent_id: platform.demo.agentId } }),
      platform.call('POST', '/runs', {
        json: {
          ...{ agent_id: platform.demo.agentId, process_id: platform.demo.processId },
          ...{ name: 'Order 1', stage: 'Published' },
        },
      }),
      platform.call('POST', `${project()}/chat`, { json: { message: 'Hello' } }),
    ]);

  let round = 0;
  async function refusesAndGoesOn(leaveBytes: number): Promise<void> {
    round += 1;
    const kept = await platform.upload(`kept-${round}.csv`, bytes);
    expect(kept.status).toBe(201);
    const thread = await platform.call('POST', `${project()}/threads`, {
      json: { agentId: `asst_${agentId}` },
    });
    const runs = `${project()}/threads/${thread.body.threadId}/runs`;
    const words = Array.from({ length: 12 }, (_, n) => `word-${n}`).join(' ');
    const threadRun = await platform.call('POST', runs, { json: { message: words } });
    const documentRun = await platform.call('POST', 'runs', { json: { inputDocumentId: kept.body.id } });
    await fill(leaveBytes);

    for (const { status, body, headers } of await writes()) {
      expect(status).toBe(503);
      expect(JSON.stringify(body)).toContain('The disk that the platform stores its data on is full.');
      expect(headers.get('retry-after')).toBe('10');
    }
    // What is under way comes to its writes.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect((await writes()).map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    expect((await platform.call('GET', `documents/${kept.body.id}`)).status).toBe(200);

    await rm(filler);
    await vi.waitFor(
      async () => expect((await platform.upload(`after-${round}.csv`, bytes)).status).toBe(201),
      { timeout: 20_000, interval: 200 },
    );
    expect(await platform.waitFor(documentRun.body.id)).toMatchObject({ body: { status: 'succeeded' } });
    await vi.waitFor(
      async () =>
        expect((await platform.call('GET', `${runs}/${threadRun.body.runId}`)).body.status).toBe('completed'),
      { timeout: 20_000, interval: 200 },
    );
  }

  it('takes nothing new while little is left, and finishes what it has', () => refusesAndGoesOn(6_000_000));

  it('waits while nothing at all can be written, and goes on when there is space', async () => {
    await refusesAndGoesOn(0);
    await refusesAndGoesOn(0);
  });

  it('has lost nothing that it acknowledged', async () => {
    const acknowledged: string[] = [];
    for (let n = 0; ; n += 1) {
      const { status, body } = await platform.upload(`${n}.csv`, `${bytes}${'x'.repeat(1_500_000)}`);
      if (status !== 201) break;
      acknowledged.push(body.id);
    }
    expect(acknowledged.length).toBeGreaterThan(3);
    await fill(0);
    await platform.call('POST', 'runs', { json: { inputDocumentId: platform.demo.documentId } });
    await rm(filler);
    await platform.close();
    platform = await startTestPlatform(join(folder, 'data'));

    for (const id of acknowledged) {
      const { status, bytes: stored } = await platform.call('GET', `documents/${id}/download`);
      expect([status, stored.length]).toEqual([200, bytes.length + 1_500_000]);
    }
  });

  it('says so when it starts on a full one', async () => {
    await platform.close();
    await fill(0);
    await expect(startTestPlatform(join(folder, 'data'))).rejects.toThrow(
      /^The disk of the folder .* is full\. Free some space/,
    );
    await rm(filler);
    platform = await startTestPlatform(join(folder, 'data'));
    expect(await readFile(join(folder, 'data', 'demo.json'), 'utf8')).toContain(platform.demo.workspaceId);
  });
});
