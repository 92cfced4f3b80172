import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunLog } from '../../lib/runs/ports.ts';
import type { RunRef } from '../../lib/runs/run.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const aRef = (): RunRef => ({ workspaceId: uuid(), kind: 'document', runId: uuid() });

/** What every run log promises. */
export function describeRunLog(name: string, open: () => Promise<RunLog>): void {
  describe(`${name}: run log`, () => {
    let log: RunLog;
    beforeAll(async () => {
      log = await open();
    });
    async function write(ref: RunRef, chunks: Uint8Array[]): Promise<void> {
      let offset = 0;
      for (const chunk of chunks) {
        await log.append(ref, offset, chunk);
        offset += chunk.length;
      }
    }
    async function readAll(ref: RunRef, from: number): Promise<Uint8Array> {
      const parts: Uint8Array[] = [];
      for (let at = from; ; ) {
        const bytes = await log.read(ref, at);
        if (bytes.length === 0) return Buffer.concat(parts);
        parts.push(bytes);
        at += bytes.length;
      }
    }

    it('ends at 0 and reads empty when nothing was written', async () => {
      const ref = aRef();
      expect(await log.end(ref)).toBe(0);
      expect(await log.read(ref, 0)).toHaveLength(0);
      expect(await log.read(ref, 10)).toHaveLength(0);
    });

    it('gives back what was written, and ends after it', async () => {
      const ref = aRef();
      await write(ref, [bytesOf('{"event":"one"}\n'), bytesOf('{"event":"zwölf"}\n')]);
      expect(textOf(await readAll(ref, 0))).toBe('{"event":"one"}\n{"event":"zwölf"}\n');
      expect(await log.end(ref)).toBe(35);
    });

    it('reads from every offset, in the middle of chunks too', async () => {
      const ref = aRef();
      const chunks = ['a', 'bcdefgh\n', 'ij\n', 'k'.repeat(300), '\n'].map(bytesOf);
      await write(ref, chunks);
      const whole = Buffer.concat(chunks);
      for (let offset = 0; offset <= whole.length + 2; offset += 1) {
        expect(textOf(await readAll(ref, offset)), `from ${offset}`).toBe(whole.toString().slice(offset));
      }
    });

    it('is empty at the end and past it', async () => {
      const ref = aRef();
      await write(ref, [bytesOf('one\n')]);
      expect(await log.read(ref, 4)).toHaveLength(0);
      expect(await log.read(ref, 5)).toHaveLength(0);
      expect(await log.read(ref, 400)).toHaveLength(0);
    });

    it('shows a follower at the end what is appended', async () => {
      const ref = aRef();
      await log.append(ref, 0, bytesOf('one\n'));
      expect(await log.read(ref, 4)).toHaveLength(0);
      await log.append(ref, 4, bytesOf('two\n'));
      expect(textOf(await log.read(ref, 4))).toBe('two\n');
    });

    it.each([
      ['compressible', Buffer.alloc(262_144, '{"event":"row.written"}\n')],
      ['incompressible', randomBytes(262_144)],
    ])('takes the largest chunk, %s', async (_kind, bytes) => {
      const ref = aRef();
      await log.append(ref, 0, bytes);
      expect(Buffer.compare(await readAll(ref, 0), bytes)).toBe(0);
      expect(Buffer.compare(await readAll(ref, 262_000), bytes.subarray(262_000))).toBe(0);
      expect(await log.end(ref)).toBe(262_144);
    });

    it('reads a log of many chunks in the order of their offsets', async () => {
      const ref = aRef();
      const chunks = Array.from({ length: 40 }, (_, index) => bytesOf(`line ${index}\n`));
      await write(ref, chunks);
      expect(textOf(await readAll(ref, 0))).toBe(chunks.map(textOf).join(''));
    });

    it('refuses other bytes where bytes stand, and leaves those', async () => {
      const ref = aRef();
      await log.append(ref, 0, bytesOf('mine\n'));
      await expect(log.append(ref, 0, bytesOf('yours\n'))).rejects.toMatchObject({
        code: 'log_moved',
        details: { runId: ref.runId, offset: 0 },
      });
      expect(textOf(await readAll(ref, 0))).toBe('mine\n');
      expect(await log.end(ref)).toBe(5);
    });

    it('takes the same bytes at the same offset as written already', async () => {
      const ref = aRef();
      await log.append(ref, 0, bytesOf('mine\n'));
      await expect(log.append(ref, 0, bytesOf('mine\n'))).resolves.toBeUndefined();
      expect(await log.end(ref)).toBe(5);
    });

    it('lets one of many writers win, and the log stays whole', async () => {
      const ref = aRef();
      const texts = Array.from({ length: 20 }, (_, index) => `writer ${index}\n`);
      const results = await Promise.allSettled(texts.map((text) => log.append(ref, 0, bytesOf(text))));
      const winners = texts.filter((_, index) => results[index]?.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      expect([textOf(await readAll(ref, 0))]).toEqual(winners);
    });

    it('keeps the logs of two runs apart', async () => {
      const [one, two] = [aRef(), aRef()];
      await log.append(one, 0, bytesOf('one\n'));
      expect(await log.end(two)).toBe(0);
      expect(await log.read(two, 0)).toHaveLength(0);
    });
  });
}
