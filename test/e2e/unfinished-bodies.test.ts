import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

const run = promisify(execFile);
const MEBIBYTE = 1_048_576;
const CALLERS = 60;

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

/**
 * Many who each announce 40 MiB, send a fifth of it and never the end; what they are answered. In a process of
 * their own, so that this one holds only what the platform holds.
 */
const CALLER = `
const [port, callers, path, key] = process.argv.slice(1);
const { connect } = require('node:net');
const part = Buffer.alloc(8 * 1048576, 'x');
const one = () => new Promise((resolve) => {
  const socket = connect(Number(port), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => { received += chunk; });
  socket.on('error', () => undefined);
  socket.on('close', () => resolve(received.slice(9, 12)));
  socket.write('POST ' + path + ' HTTP/1.1\\r\\nHost: x\\r\\n' + (key ? 'X-API-Key: ' + key + '\\r\\n' : '')
    + 'Content-Type: multipart/form-data; boundary=b\\r\\nContent-Length: 41943040\\r\\n\\r\\n');
  socket.write(part);
});
Promise.all(Array.from({ length: Number(callers) }, one)).then((all) => console.log(JSON.stringify(all)));
`;

const call = async (path: string, key = ''): Promise<string[]> => {
  const { port } = new URL(platform.url);
  const args = ['--eval', CALLER, '--', port, String(CALLERS), path, key];
  return JSON.parse((await run(process.execPath, args)).stdout);
};

describe('bodies that never end', () => {
  it.each([
    ['without a key', undefined],
    ['with a key that nobody has', `${'a'.repeat(8)}.${'b'.repeat(43)}`],
    ['for a path that is none', undefined],
  ])(`of ${CALLERS} callers %s are not kept, and their senders are told at once`, async (who, key) => {
    const isNowhere = who.includes('path');
    const path = isNowhere ? '/nowhere' : `/api/v1/workspaces/${platform.demo.workspaceId}/documents`;
    // What files before this one have left is not the callers'.
    const { rss, arrayBuffers } = process.memoryUsage();
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - arrayBuffers);
    }, 10);

    const answers = await call(path, key);
    clearInterval(watch);

    expect(new Set(answers)).toEqual(new Set([isNowhere ? '404' : '401']));
    // A piece of 64 KiB or two for each, and what waits to be collected; it was 480 MiB.
    expect(most / MEBIBYTE).toBeLessThan(100);
    expect((process.memoryUsage().rss - rss) / MEBIBYTE).toBeLessThan(200);
    expect((await platform.call('GET', 'runs')).status).toBe(200);
  });
});
