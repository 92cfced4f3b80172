import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPlatform } from '../support/platform.ts';
import { breakingWrites, OUTPUT_WRITES, startQuietPlatform } from './breaking-writes.ts';
import { GONE, later, ONE, TWO } from './sent-documents.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startQuietPlatform();
});
afterAll(() => platform.close());

describe('an output under an Idempotency-Key', () => {
  const attach = (runId: string, key: string, content: string) => {
    const body = new FormData();
    body.set('file', new Blob([content]), 'by hand.csv');
    return platform.call('POST', `runs/${runId}/output`, { body, headers: { 'idempotency-key': key } });
  };

  it('201: the same version of the output; 422 with another content', async () => {
    const run = (await platform.run(platform.demo.documentId)).body;
    const key = randomUUID();

    const first = await attach(run.id, key, ONE);
    const again = await attach(run.id, key, ONE);
    const other = await attach(run.id, key, TWO);

    expect([first.status, again.status, other.status]).toEqual([201, 201, 422]);
    expect([first.body.versionNo, again.body]).toEqual([run.output.versionNo + 1, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it.each(['before', 'after'] as const)(
    '201: where a try broke off %s any of its writes, the next one ends it',
    async (moment) => {
      const run = (await platform.run(platform.demo.documentId)).body;
      let last = run.output.versionNo;
      for (let no = 1, broke = true; broke; no += 1) {
        const [key, content] = [randomUUID(), `${ONE}${no}`];
        const breaking = breakingWrites(platform.platform, no, moment, OUTPUT_WRITES);
        const first = await attach(run.id, key, content);
        breaking.mend();
        broke = breaking.broke;
        expect([no, first.status]).toEqual([no, broke ? 500 : 201]);

        const answers = await later(platform, GONE, async () => [
          await attach(run.id, key, content),
          await attach(run.id, key, content),
        ]);

        last += 1;
        expect(answers.map(({ status, body }) => [status, body.versionNo])).toEqual(
          Array(2).fill([201, last]),
        );
        expect((await platform.call('GET', `runs/${run.id}/output/download`)).body).toBe(content);
        // The key, the content, the number, the run and the key's answer.
        if (!broke) expect(no).toBeGreaterThan(5);
      }
    },
  );
});
