import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeAnswer, type FakePlatform, freeAddress, startFakePlatform } from './fake-platform.ts';
import { typing } from './terminal.ts';

let platform: FakePlatform;
let answer: FakeAnswer;
beforeAll(async () => {
  platform = await startFakePlatform(() => answer);
});
afterAll(() => platform.close());

const type = typing({
  environment: { API_KEY: 'prefix.secret', WORKSPACE_ID: 'acme', RUNPLANE_DATA: '/nowhere' },
});
const KEYS = ['key', 'list'];
/** A machine without a network may take long to see that there is no such name. */
const SLOW_MS = 120_000;
const PROBLEM = { type: 'x', title: 'Problem', instance: '/x', requestId: 'r' };

describe('a platform that says no', () => {
  it.each([
    [
      'a key of nobody',
      KEYS,
      { status: 401, body: { ...PROBLEM, detail: 'API key not recognized' } },
      'The key from API_KEY is not taken (401: API key not recognized): was it revoked, or is it of another platform?',
    ],
    [
      'a key of nobody, in the words of process runs',
      ['process', 'list', '--agent', 'x'],
      { status: 401, body: { status_code: 401, message: 'access not permitted' } },
      'The key from API_KEY is not taken (401: access not permitted): was it revoked, or is it of another platform?',
    ],
    [
      'a key of a reader',
      KEYS,
      {
        status: 403,
        body: { ...PROBLEM, detail: "Permission 'workspace.manage' denied for scope 'workspace'" },
      },
      "The key from API_KEY may not do this (403: Permission 'workspace.manage' denied for scope 'workspace'): use one of an owner of the workspace.",
    ],
    [
      "another platform's workspace",
      KEYS,
      { status: 404, body: { ...PROBLEM, detail: 'Workspace not found' } },
      '404: Workspace not found: is acme from WORKSPACE_ID of this platform?',
    ],
    [
      'a run that is not there',
      ['runs', 'get', '01a2026d-d4fd-7525-a778-c1613df2bcd4'],
      { status: 404, body: { ...PROBLEM, detail: 'Run not found' } },
      '404: Run not found: runplane runs list shows those that there are.',
    ],
    [
      'an agent that is not there',
      ['agent', 'rollback', '--agent', 'x'],
      { status: 404, body: { message: 'Agent not found' } },
      '404: Agent not found.',
    ],
    [
      'members that are wrong',
      ['member', 'add', '--sub', 'x', '--role', 'owner'],
      {
        status: 422,
        body: {
          ...PROBLEM,
          detail: 'Invalid request',
          errors: [{ path: 'sub', code: 'x', message: 'Field required' }],
        },
      },
      '422: Invalid request (sub: Field required).',
    ],
    [
      'a busy platform',
      KEYS,
      { status: 429, body: { ...PROBLEM, detail: 'Too many requests' } },
      '429: Too many requests: try again in a moment.',
    ],
    [
      'a busy platform that says so itself',
      KEYS,
      { status: 503, body: { ...PROBLEM, detail: 'Please try again in a moment.' } },
      '503: Please try again in a moment.',
    ],
  ])('%s', async (_what, words, answered, said) => {
    answer = answered;

    expect(await type(...words, '--url', platform.url)).toEqual({ code: 1, out: '', err: `${said}\n` });
  });
});

describe('something else at the address', () => {
  it.each([
    ['a page that is there', { body: '<html>Hello</html>', contentType: 'text/html' }, ''],
    ['a page that is not', { status: 404, body: 'Not here', contentType: 'text/plain' }, ' (it answers 404)'],
    ['a proxy', { status: 502, body: '<html></html>', contentType: 'text/html' }, ' (it answers 502)'],
  ])('%s', async (_what, answered, how) => {
    answer = answered;

    expect(await type(...KEYS, '--url', platform.url)).toEqual({
      code: 1,
      out: '',
      err: `What answers at ${platform.url} is not Runplane${how}: is the address right (--url)?\n`,
    });
  });
});

describe('nobody at the address', () => {
  it('nothing listens', async () => {
    const url = await freeAddress();

    expect(await type(...KEYS, '--url', url)).toEqual({
      code: 1,
      out: '',
      err: `Nothing answers at ${url}: is the platform up, and is the address right (--url)?\n`,
    });
  });

  it(
    'there is no such host',
    async () => {
      expect(await type(...KEYS, '--url', 'http://runplane.invalid')).toEqual({
        code: 1,
        out: '',
        err: 'There is no runplane.invalid to be found: is the address right (--url), and is there a network?\n',
      });
    },
    SLOW_MS,
  );

  it('what listens does not speak TLS', async () => {
    const url = platform.url.replace('http:', 'https:');

    expect(await type(...KEYS, '--url', url)).toEqual({
      code: 1,
      out: '',
      err: `${url} cannot be trusted (ERR_SSL_WRONG_VERSION_NUMBER): is the address right (--url)?\n`,
    });
  });
});
