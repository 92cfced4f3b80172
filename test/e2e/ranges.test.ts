import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { etagOf, parseRange, rangeOf } from '../../lib/apis/files/ranges.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
const paths = new Map<string, string>();
beforeAll(async () => {
  platform = await startTestPlatform();
  const { body: document } = await platform.upload(
    'ranges.csv',
    `Email\n${'someone@example.com\n'.repeat(500)}`,
  );
  const { body: run } = await platform.run(document.id);
  paths.set('downloadRunOutput', `runs/${run.id}/output/download`);
  paths.set('downloadRunInput', `runs/${run.id}/input/download`);
  paths.set('downloadDocument', `documents/${document.id}/download`);
  paths.set('downloadOriginalDocument', `documents/${document.id}/original/download`);
  paths.set('downloadDocumentVersion', `documents/${document.id}/versions/1/download`);
});
afterAll(() => platform.close());

describe.each([
  'downloadRunOutput',
  'downloadRunInput',
  'downloadDocument',
  'downloadOriginalDocument',
  'downloadDocumentVersion',
])('%s', (operation) => {
  const get = (headers: Record<string, string> = {}) =>
    platform.call('GET', paths.get(operation) ?? '', { headers });

  it('says how long it is, which it is, and that it can be had in parts', async () => {
    const [one, two] = [await get(), await get()];

    expect(one.status).toBe(200);
    expect(one.headers.get('content-length')).toBe(String(one.bytes.length));
    expect(one.headers.get('transfer-encoding')).toBeNull();
    expect(one.headers.get('accept-ranges')).toBe('bytes');
    expect(one.headers.get('etag')).toMatch(/^"[\w-]+"$/);
    expect(two.headers.get('etag')).toBe(one.headers.get('etag'));
  });

  it('206: a part of it', async () => {
    const { bytes: whole, headers } = await get();
    const size = whole.length;
    const etag = headers.get('etag') ?? '';
    const parts: [range: string, start: number, end: number][] = [
      ['bytes=0-99', 0, 99],
      ['bytes=0-0', 0, 0],
      [`bytes=${size - 7}-`, size - 7, size - 1],
      ['bytes=-10', size - 10, size - 1],
      [`bytes=-${size + 5}`, 0, size - 1],
      [`bytes=100-${size + 1000}`, 100, size - 1],
    ];
    for (const [range, start, end] of parts) {
      for (const condition of [{}, { 'if-range': etag }]) {
        const part = await get({ range, ...condition });

        expect([range, part.status]).toEqual([range, 206]);
        expect(part.headers.get('content-range')).toBe(`bytes ${start}-${end}/${size}`);
        expect(part.headers.get('content-length')).toBe(String(end - start + 1));
        expect(part.headers.get('etag')).toBe(etag);
        expect(part.bytes.equals(whole.subarray(start, end + 1))).toBe(true);
      }
    }
  });

  it('416: what it has not', async () => {
    const size = (await get()).bytes.length;
    for (const range of [`bytes=${size}-`, `bytes=${size}-${size + 9}`, 'bytes=-0']) {
      const refused = await get({ range });

      expect([range, refused.status]).toEqual([range, 416]);
      expect(refused.headers.get('content-range')).toBe(`bytes */${size}`);
      expect(refused.body).toMatchObject({
        status: 416,
        instance: expect.any(String),
        requestId: expect.any(String),
      });
    }
  });

  it('200: all of it, for what is no range, or one of another file', async () => {
    const { bytes: whole, headers } = await get();
    const asked = [
      ...['lines=1-2', 'bytes=9-2', 'bytes=-', 'bytes=a-b', 'bytes=0-1,5-6', ''].map((range) => ({ range })),
      ...['"another"', `W/${headers.get('etag')}`, 'Sat, 28 Nov 2026 00:00:00 GMT'].map((tag) => ({
        range: 'bytes=0-9',
        'if-range': tag,
      })),
    ];
    for (const sent of asked) {
      const answer = await get(sent);

      expect([sent, answer.status, answer.bytes.equals(whole)]).toEqual([sent, 200, true]);
    }
  });

  it('304: nothing, for who has it', async () => {
    const { headers } = await get();
    const etag = headers.get('etag') ?? '';
    for (const tags of [etag, `W/${etag}`, `"another", ${etag}`, '*']) {
      for (const range of [{}, { range: 'bytes=0-9' }]) {
        const answer = await get({ 'if-none-match': tags, ...range });

        expect([tags, answer.status, answer.bytes.length]).toEqual([tags, 304, 0]);
        expect(answer.headers.get('etag')).toBe(etag);
      }
    }
    for (const tags of ['"another"', etag.slice(1, -1), ''])
      expect([tags, (await get({ 'if-none-match': tags })).status]).toEqual([tags, 200]);
  });

  it('412: another one than who began it has', async () => {
    const etag = (await get()).headers.get('etag') ?? '';
    const part = { range: 'bytes=5-9' };
    for (const tags of [etag, `"another", ${etag}`, '*'])
      expect([tags, (await get({ 'if-match': tags, ...part })).status]).toEqual([tags, 206]);
    for (const tags of ['"another"', `W/${etag}`]) {
      const refused = await get({ 'if-match': tags, 'if-none-match': etag, ...part });

      expect([tags, refused.status, refused.headers.get('etag')]).toEqual([tags, 412, etag]);
      expect(refused.body).toMatchObject({ status: 412, detail: expect.stringContaining(etag) });
    }
  });

  it('is the same behind its redirect', async () => {
    const redirect = await platform.call('GET', `${paths.get(operation)}?redirect=true`);
    const location = redirect.headers.get('location') ?? '';
    const whole = Buffer.from(await (await fetch(location)).arrayBuffer());
    const part = await fetch(location, { headers: { range: 'bytes=-10' } });
    const none = await fetch(location, { headers: { range: `bytes=${whole.length}-` } });

    const etag = part.headers.get('etag') ?? '';
    const held = await fetch(location, { headers: { 'if-none-match': etag } });
    const same = await fetch(location, { headers: { 'if-match': etag, range: 'bytes=-10' } });
    const other = await fetch(location, { headers: { 'if-match': '"another"', 'if-none-match': etag } });

    expect([part.status, none.status, held.status]).toEqual([206, 416, 304]);
    expect([same.status, other.status]).toEqual([206, 412]);
    expect(await other.text()).toContain('<Code>PreconditionFailed</Code>');
    expect(part.headers.get('content-range')).toBe(
      `bytes ${whole.length - 10}-${whole.length - 1}/${whole.length}`,
    );
    expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(-10))).toBe(true);
    expect(none.headers.get('content-range')).toBe(`bytes */${whole.length}`);
  });
});

it('an empty file has no range', () => {
  for (const header of ['bytes=0-', 'bytes=-5', 'bytes=0-0']) {
    const asked = parseRange(header);
    expect(asked && rangeOf(asked, 0)).toBeUndefined();
  }
  expect(etagOf('a')).not.toBe(etagOf('b'));
});
