import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileStore, SignedUpload, StoredFile } from '../../lib/apis/files/ports.ts';

export interface OpenFileStore {
  files: FileStore;
  close(): Promise<void>;
}

export interface FileStoreOptions {
  /** Whether what answers the signed URLs also checks what was signed. */
  checksSignatures: boolean;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const aKey = (name = 'file'): string => `${uuid()}/${name}`;

async function contentOf(file: StoredFile | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const textOf = async (file: StoredFile | undefined): Promise<string | undefined> =>
  (await contentOf(file))?.toString();

function post(
  upload: SignedUpload,
  content: string,
  changed: Record<string, string> = {},
): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...upload.fields, ...changed })) form.append(name, value);
  form.append('file', new Blob([content]), 'people.csv');
  return fetch(upload.url, { method: 'POST', body: form });
}

/** What every file store promises. */
export function describeFileStore(
  name: string,
  open: () => Promise<OpenFileStore>,
  { checksSignatures }: FileStoreOptions,
): void {
  describe(`${name}: file store`, () => {
    let opened: OpenFileStore;
    let files: FileStore;
    beforeAll(async () => {
      opened = await open();
      ({ files } = opened);
    });
    afterAll(() => opened.close());
    async function put(content: string, key = aKey()): Promise<string> {
      await files.put(key, bytesOf(content), { contentType: 'text/csv' });
      return key;
    }

    const signUpload = (key: string) =>
      files.signUpload(key, { contentType: 'text/csv', maxBytes: 10, expiresInSeconds: 60 });
    const signDownload = (key: string) =>
      files.signDownload(key, {
        filename: 'Größe "1".csv',
        contentType: 'text/plain',
        expiresInSeconds: 60,
      });

    describe('a file', () => {
      it('is read back as it was put, with its size and type', async () => {
        const key = await put('größer\n');
        expect(await files.head(key)).toEqual({ size: 9, contentType: 'text/csv' });
        const file = await files.get(key);
        expect(file).toMatchObject({ size: 9, contentType: 'text/csv' });
        expect(await textOf(file)).toBe('größer\n');
      });

      it('may be large and of any bytes', async () => {
        const [key, bytes] = [aKey(), randomBytes(3_000_000)];
        await files.put(key, bytes, { contentType: 'application/octet-stream' });
        const content = await contentOf(await files.get(key));
        expect(content !== undefined && Buffer.compare(content, bytes)).toBe(0);
      });

      it('may be empty', async () => {
        const key = await put('');
        expect(await files.head(key)).toEqual({ size: 0, contentType: 'text/csv' });
        expect(await textOf(await files.get(key))).toBe('');
      });

      it('is replaced whole by another put', async () => {
        const key = await put('the first, which is longer');
        await files.put(key, bytesOf('{}'), { contentType: 'application/json' });
        expect(await files.head(key)).toEqual({ size: 2, contentType: 'application/json' });
        expect(await textOf(await files.get(key))).toBe('{}');
      });

      it('need not be read to its end', async () => {
        const key = aKey();
        await files.put(key, randomBytes(3_000_000), { contentType: 'application/octet-stream' });
        for await (const chunk of (await files.get(key))?.body ?? []) {
          expect(chunk.length).toBeGreaterThan(0);
          break;
        }
        expect(await files.head(key)).toMatchObject({ size: 3_000_000 });
      });

      it.each(['a b', 'ä/ö', '50%', '%2F', 'a+b', "it's (1)", 'a#b?c=d&e', '日本'])(
        'may be called %s',
        async (last) => {
          const key = await put(last, aKey(last));
          expect(await textOf(await files.get(key))).toBe(last);
          const copy = aKey(`copy of ${last}`);
          await files.copy(key, copy);
          expect(await textOf(await files.get(copy))).toBe(last);
        },
      );
    });

    describe('a file that is not there', () => {
      it('is undefined', async () => {
        expect(await files.get(aKey())).toBeUndefined();
        expect(await files.get(aKey(), { start: 1 })).toBeUndefined();
        expect(await files.head(aKey())).toBeUndefined();
      });

      it('cannot be copied', async () => {
        const to = aKey();
        await expect(files.copy(aKey(), to)).rejects.toThrow();
        expect(await files.head(to)).toBeUndefined();
      });
    });

    it.each([
      [{ start: 2, end: 4 }, '234'],
      [{ start: 0, end: 0 }, '0'],
      [{ start: 7 }, '789'],
      [{ start: 7, end: 99 }, '789'],
      [{ start: 10 }, ''],
      [{ start: 99, end: 100 }, ''],
    ])('reads the range %o, and tells the size of the whole', async (range, expected) => {
      const file = await files.get(await put('0123456789'), range);
      expect(file).toMatchObject({ size: 10, contentType: 'text/csv' });
      expect(await textOf(file)).toBe(expected);
    });

    it('reads a range of an empty file', async () => {
      const file = await files.get(await put(''), { start: 0 });
      expect(file).toMatchObject({ size: 0 });
      expect(await textOf(file)).toBe('');
    });

    describe('copy', () => {
      it('makes a file of its own, with the same type', async () => {
        const from = await put('one');
        const to = aKey();
        await files.copy(from, to);
        await files.remove(from);
        expect(await files.head(to)).toEqual({ size: 3, contentType: 'text/csv' });
        expect(await textOf(await files.get(to))).toBe('one');
      });

      it('replaces what stands there', async () => {
        const [from, to] = [await put('one'), await put('two, which is longer')];
        await files.copy(from, to);
        expect(await textOf(await files.get(to))).toBe('one');
      });
    });

    it('removes, and removing again changes nothing', async () => {
      const key = await put('one');
      await files.remove(key);
      await files.remove(key);
      expect(await files.get(key)).toBeUndefined();
    });

    describe('a signed upload', () => {
      it('takes the file it was signed for, and answers 204', async () => {
        const key = aKey('people.csv');
        const upload = await signUpload(key);
        expect(Math.abs(Date.parse(upload.expiresAt) - Date.now() - 60_000)).toBeLessThan(10_000);
        expect((await post(upload, '0123456789')).status).toBe(204);
        expect(await files.head(key)).toEqual({ size: 10, contentType: 'text/csv' });
        expect(await textOf(await files.get(key))).toBe('0123456789');
      });
    });

    describe('a signed download', () => {
      it('gives the file under its name and type', async () => {
        const answer = await fetch(await signDownload(await put('one')));
        expect(answer.status).toBe(200);
        expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
        expect(answer.headers.get('content-disposition')).toMatch(
          /^attachment; .*filename\*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22\.csv/,
        );
        expect(await answer.text()).toBe('one');
      });

      it('is refused for a file that is not there', async () => {
        // S3 says 404 only to those who may list the bucket.
        expect([403, 404]).toContain((await fetch(await signDownload(aKey()))).status);
      });
    });

    if (!checksSignatures) return;
    describe('what was signed', () => {
      it('refuses an upload that is too large, with 400', async () => {
        const key = aKey();
        expect((await post(await signUpload(key), '0123456789+')).status).toBe(400);
        expect(await files.head(key)).toBeUndefined();
      });

      it('refuses an upload under another key or type, with 403', async () => {
        const [key, other] = [aKey(), aKey()];
        const upload = await signUpload(key);
        expect((await post(upload, 'a', { key: other })).status).toBe(403);
        expect((await post(upload, 'a', { 'Content-Type': 'text/html' })).status).toBe(403);
        expect([await files.head(key), await files.head(other)]).toEqual([undefined, undefined]);
      });

      it('refuses a URL that was changed, with 403', async () => {
        const url = await signDownload(await put('one'));
        const last = url.at(-1) === '0' ? '1' : '0';
        expect((await fetch(url.slice(0, -1) + last)).status).toBe(403);
      });
    });
  });
}
