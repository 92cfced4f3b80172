import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aGate } from '../support/gate.ts';
import { type Answer, startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const create = (inputDocumentId: string, key: string): Promise<Answer> =>
  platform.call('POST', 'runs', { json: { inputDocumentId }, headers: { 'idempotency-key': key } });

/** Whoever looks for the document waits until they are let go. */
function holdLooks(documentId: string): { looking: Promise<void>; letGo(): void } {
  const { documents } = platform.platform;
  const [waiting, looking] = [aGate(), aGate()];
  platform.platform.documents = Object.assign(Object.create(documents), {
    get: async (workspaceId: string, id: string) => {
      if (id === documentId) looking.open();
      if (id === documentId) await waiting.opened;
      return documents.get(workspaceId, id);
    },
  });
  const letGo = (): void => {
    platform.platform.documents = documents;
    waiting.open();
  };
  return { looking: looking.opened, letGo };
}

describe('an Idempotency-Key for two requests', () => {
  it('422 while the first is at work, whatever becomes of it; 201 once it was refused', async () => {
    const { body: document } = await platform.upload('used-keys.csv', 'Email\none@example.com\n');
    const [missing, key] = [randomUUID(), randomUUID()];
    const hold = holdLooks(missing);

    const first = create(missing, key);
    await hold.looking;
    const meanwhile = await create(document.id, key);
    const same = await create(missing, key);
    hold.letGo();
    const refused = await first;
    const after = await create(document.id, key);

    expect(meanwhile).toMatchObject({
      status: 422,
      body: { detail: 'Idempotency-Key was already used with another request; choose a new key' },
    });
    expect([same.status, refused.status, after.status]).toEqual([409, 404, 201]);
  });
});
