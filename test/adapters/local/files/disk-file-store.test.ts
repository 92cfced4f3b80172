import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DiskFileStore } from '../../../../lib/adapters/local/files/disk-file-store.ts';
import { serveFiles } from '../../../../lib/adapters/local/files/serve-files.ts';
import type { StoredFile } from '../../../../lib/apis/files/ports.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function textOf(file: StoredFile | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function aStore(now?: () => Date) {
  const folder = await temporaryFolder();
  const options = { folder, ...(now === undefined ? {} : { now }) };
  let baseUrl = 'http://127.0.0.1:1';
  const store = new DiskFileStore({ ...options, baseUrl: () => baseUrl });
  const serve = async () => {
    const answer = serveFiles(store);
    const server = createServer(async (req, res) => {
      if (!(await answer(req, res))) res.writeHead(404).end('not ours');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  return { store, folder, serve };
}

const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('DiskFileStore', () => {
  it('gives back what was put, with its type', async () => {
    const { store } = await aStore();
    await store.put('ws/a.txt', bytesOf('hello'), { contentType: 'text/plain' });

    expect(await store.head('ws/a.txt')).toEqual({ size: 5, contentType: 'text/plain' });
    expect(await textOf(await store.get('ws/a.txt'))).toBe('hello');
    expect(await store.get('ws/b.txt')).toBeUndefined();
    expect(await store.head('ws/b.txt')).toBeUndefined();
  });

  it('keeps an empty file', async () => {
    const { store } = await aStore();
    await store.put('ws/empty', new Uint8Array(), { contentType: 'text/csv' });

    expect(await store.head('ws/empty')).toEqual({ size: 0, contentType: 'text/csv' });
    expect(await textOf(await store.get('ws/empty'))).toBe('');
  });

  it.each([
    [{ start: 0 }, 'hello world'],
    [{ start: 6 }, 'world'],
    [{ start: 0, end: 4 }, 'hello'],
    [{ start: 6, end: 100 }, 'world'],
    [{ start: 11 }, ''],
    [{ start: 50 }, ''],
  ])('reads the range %o', async (range, expected) => {
    const { store } = await aStore();
    await store.put('ws/a', bytesOf('hello world'), { contentType: 'text/plain' });

    expect(await textOf(await store.get('ws/a', range))).toBe(expected);
  });

  it('stays inside its folder whatever the key', async () => {
    const { store, folder } = await aStore();
    const keys = [
      '../out',
      '../../etc/passwd',
      '/etc/passwd',
      'a',
      'a/b',
      'A',
      '',
      'a\0b',
      `${'x'.repeat(2000)}`,
      '..',
    ];

    for (const key of keys) await store.put(key, bytesOf(key), { contentType: 'text/plain' });

    for (const key of keys) expect(await textOf(await store.get(key))).toBe(key);
    expect(await filesIn(folder)).toHaveLength(keys.length);
  });

  it('copies, replaces and removes', async () => {
    const { store } = await aStore();
    await store.put('a', bytesOf('1'), { contentType: 'text/plain' });
    await store.copy('a', 'b');
    await store.put('a', bytesOf('2'), { contentType: 'text/csv' });
    await store.remove('a');
    await store.remove('a');

    expect(await store.head('a')).toBeUndefined();
    expect(await textOf(await store.get('b'))).toBe('1');
    await expect(store.copy('a', 'b')).rejects.toThrow();
  });

  it('leaves the old file when a write fails', async () => {
    const { store, folder } = await aStore();
    await store.put('a', bytesOf('old'), { contentType: 'text/plain' });
    const breaking = async function* () {
      yield bytesOf('new');
      throw new Error('broken off');
    };

    await expect(store.write('a', breaking(), { contentType: 'text/plain' })).rejects.toThrow('broken off');

    expect(await textOf(await store.get('a'))).toBe('old');
    expect(await filesIn(folder)).toHaveLength(1);
  });

  it('removes a file when its days are over, unless it was put anew to be kept', async () => {
    let now = Date.parse('2026-01-01T00:00:00.000Z');
    const { store } = await aStore(() => new Date(now));
    const put = (key: string, retentionDays?: 1 | 30) =>
      store.put(key, bytesOf(key), { contentType: 'text/plain', retentionDays });
    await Promise.all([put('ws/a-day', 1), put('ws/a-month', 30), put('ws/kept'), put('ws/anew', 1)]);
    await put('ws/anew');

    now += 86_400_000 - 1;
    expect(await store.removeExpired()).toBe(0);
    now += 1;
    expect(await store.removeExpired()).toBe(1);
    expect(await store.removeExpired()).toBe(0);

    expect(await store.head('ws/a-day')).toBeUndefined();
    for (const key of ['ws/a-month', 'ws/kept', 'ws/anew']) {
      expect(await textOf(await store.get(key))).toBe(key);
      expect(await store.head(key)).toEqual({ size: key.length, contentType: 'text/plain' });
    }
  });

  it('has nothing to remove where nothing was ever put', async () => {
    expect(await (await aStore()).store.removeExpired()).toBe(0);
  });

  it('removes day-old temporary files and nothing else', async () => {
    const { store, folder } = await aStore();
    for (const key of ['temporary/old', 'temporary/new', 'ws/old']) {
      await store.put(key, bytesOf(key), { contentType: 'text/plain' });
    }
    for (const path of await filesIn(folder)) {
      if (!(await readFile(path, 'utf8')).endsWith('new')) await utimes(path, 1, 1);
    }

    await store.removeLeftovers();

    expect(await store.head('temporary/old')).toBeUndefined();
    expect(await store.head('temporary/new')).toBeDefined();
    expect(await store.head('ws/old')).toBeDefined();
  });
});

function aForm(fields: Record<string, string>, content: string): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([content]), 'a.csv');
  return form;
}

const upload = { contentType: 'text/csv', maxBytes: 100, expiresInSeconds: 60 };

describe('signed uploads', () => {
  it('204: the file is there under the signed type', async () => {
    const { store, serve, folder } = await aStore();
    await serve();
    const { url, fields } = await store.signUpload('ws/up', upload);

    const answer = await fetch(url, { method: 'POST', body: aForm(fields, 'a,b') });

    expect(answer.status).toBe(204);
    expect(await store.head('ws/up')).toEqual({ size: 3, contentType: 'text/csv' });
    expect((await stat(join(folder, 'signing-key'))).mode & 0o777).toBe(0o600);
  });

  it.each([0, 31])('makes a secret of %d bytes anew, and says so', async (length) => {
    const { store, serve, folder } = await aStore();
    await serve();
    await writeFile(join(folder, 'signing-key'), Buffer.alloc(length));
    const said: string[] = [];
    const logger = { warn: (message: string) => void said.push(message) };

    const { fields } = await new DiskFileStore({ folder, baseUrl: '', logger }).signUpload('ws/up', upload);
    const { url } = await store.signUpload('ws/other', upload);

    expect(said).toEqual([expect.stringMatching(/signing-key had \d+ bytes.* made anew/)]);
    expect(await readFile(join(folder, 'signing-key'))).toHaveLength(32);
    expect((await fetch(url, { method: 'POST', body: aForm(fields, 'a') })).status).toBe(204);
  });

  it('holds across restarts: the secret is kept', async () => {
    const { store, serve, folder } = await aStore();
    await serve();
    const { fields } = await new DiskFileStore({ folder, baseUrl: '' }).signUpload('ws/up', upload);
    const { url } = await store.signUpload('ws/other', upload);

    expect((await fetch(url, { method: 'POST', body: aForm(fields, 'a') })).status).toBe(204);
  });

  it.each([
    ['another key', { key: 'ws/other' }],
    ['another type', { 'Content-Type': 'text/html' }],
    ['another signature', { 'X-Signature': 'AAAA' }],
    ['another policy', { Policy: Buffer.from('{"maxBytes":1e9}').toString('base64url') }],
    ['one field more', { acl: 'public-read' }],
  ])('403: %s', async (_what, changed) => {
    const { store, serve } = await aStore();
    await serve();
    const { url, fields } = await store.signUpload('ws/up', upload);

    const answer = await fetch(url, { method: 'POST', body: aForm({ ...fields, ...changed }, 'a,b') });

    expect(answer.status).toBe(403);
    expect(await answer.text()).toMatch(/<Code>(AccessDenied|SignatureDoesNotMatch)<\/Code>/);
    expect(await store.head('ws/up')).toBeUndefined();
    expect(await store.head('ws/other')).toBeUndefined();
  });

  it('400: the file is larger than signed', async () => {
    const { store, serve, folder } = await aStore();
    await serve();
    const { url, fields } = await store.signUpload('ws/up', upload);

    const answer = await fetch(url, { method: 'POST', body: aForm(fields, 'x'.repeat(5_000_000)) });

    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('<Code>EntityTooLarge</Code>');
    expect(await store.head('ws/up')).toBeUndefined();
    expect(await filesIn(join(folder, 'incoming'))).toEqual([]);
  });

  it('403: the form has expired', async () => {
    let now = new Date();
    const { store, serve } = await aStore(() => now);
    await serve();
    const { url, fields } = await store.signUpload('ws/up', upload);
    now = new Date(now.getTime() + 60_000);

    expect((await fetch(url, { method: 'POST', body: aForm(fields, 'a') })).status).toBe(403);
  });

  it('400 or 412: no file, no form', async () => {
    const { store, serve } = await aStore();
    await serve();
    const { url, fields } = await store.signUpload('ws/up', upload);
    const empty = new FormData();
    for (const [name, value] of Object.entries(fields)) empty.append(name, value);

    expect((await fetch(url, { method: 'POST', body: empty })).status).toBe(400);
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(412);
  });

  it.each([
    [412, 'multipart/form-data; boundary='],
    [412, 'multipart/form-data; x-boundary=X'],
    [400, `multipart/form-data; boundary=${'a'.repeat(500)}`],
    [400, 'multipart/form-data; boundary="\\""'],
    [204, 'Multipart/Form-Data; charset=utf-8; Boundary="X:? y"'],
  ])('%d: a form that says %s', async (status, contentType) => {
    const { store, serve } = await aStore();
    await serve();
    const { url, fields } = await store.signUpload('ws/up', upload);
    const parts = [...Object.entries(fields), ['file', 'a,b']].map(
      ([name, value]) => `--X:? y\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );

    const headers = { 'content-type': contentType };
    const answer = await fetch(url, { method: 'POST', headers, body: `${parts.join('')}--X:? y--\r\n` });
    expect(answer.status).toBe(status);
  });

  it('leaves nothing behind when the client breaks off', async () => {
    const { store, serve, folder } = await aStore();
    await serve();
    const { url, fields } = await store.signUpload('ws/up', upload);
    const parts = Object.entries(fields).map(
      ([name, value]) => `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const body = `${parts.join('')}--X\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf`;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      `POST /_files/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\nContent-Type: multipart/form-data; boundary=X\r\n\r\n${body}`,
    );
    await sleep(100);
    socket.destroy();
    await sleep(100);

    expect(await store.head('ws/up')).toBeUndefined();
    expect(await filesIn(join(folder, 'incoming'))).toEqual([]);
    expect((await fetch(url, { method: 'POST', body: aForm(fields, 'a') })).status).toBe(204);
  });
});

describe('signed downloads', () => {
  const asked = { filename: 'Bücher "1".csv', contentType: 'text/csv', expiresInSeconds: 60 };

  it('200: streams under the signed name and type', async () => {
    const { store, serve } = await aStore();
    await serve();
    await store.put('ws/a', bytesOf('a,b,c'), { contentType: 'application/octet-stream' });

    const answer = await fetch(await store.signDownload('ws/a', asked));

    expect(await answer.text()).toBe('a,b,c');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/csv',
      'content-length': '5',
      'content-disposition': `attachment; filename="B_cher _1_.csv"; filename*=UTF-8''B%C3%BCcher%20%221%22.csv`,
    });
  });

  it('206 and 416: ranges', async () => {
    const { store, serve } = await aStore();
    await serve();
    await store.put('ws/a', bytesOf('hello world'), { contentType: 'text/plain' });
    const url = await store.signDownload('ws/a', asked);

    const part = await fetch(url, { headers: { range: 'bytes=6-8' } });
    const past = await fetch(url, { headers: { range: 'bytes=11-' } });

    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 6-8/11',
      'wor',
    ]);
    expect(past.status).toBe(416);
  });

  it('403: changed or expired; 404: no such file', async () => {
    let now = new Date();
    const { store, serve } = await aStore(() => now);
    await serve();
    const url = await store.signDownload('ws/a', asked);
    const grant = new URL(url).searchParams.get('grant') ?? '';
    const forged = JSON.parse(Buffer.from(grant, 'base64url').toString());
    const other = url.replace(
      grant,
      Buffer.from(JSON.stringify({ ...forged, key: 'ws/b' })).toString('base64url'),
    );

    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(other)).status).toBe(403);
    expect((await fetch(url.split('&')[0] ?? '')).status).toBe(403);
    now = new Date(now.getTime() + 61_000);
    expect((await fetch(url)).status).toBe(403);
  });

  it('leaves other requests alone', async () => {
    const { store, serve } = await aStore();
    await serve();
    const { origin } = new URL(await store.signDownload('ws/a', asked));

    expect(await (await fetch(`${origin}/api/v1/run`)).text()).toBe('not ours');
  });
});
