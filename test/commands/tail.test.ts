import { describe, expect, it } from 'vitest';
import { type FakeAnswer, startFakePlatform } from './fake-platform.ts';
import { typing } from './terminal.ts';

const ID = '01m8182p0he9xb2qzwsf4qfjab';
const run = (status: string): FakeAnswer => ({
  body: {
    agent_id: 'cli',
    created_at: '2026-01-01T00:00:00.000Z',
    file_ids: null,
    id: ID,
    name: 'Line 1',
    outputs: null,
    process_id: 'p',
    stage: 'Draft',
    status,
  },
});
const down: FakeAnswer = { status: 503, body: { status_code: 503, message: 'Please try again in a moment' } };

/** A run of a process, as it is read again and again; the last answer stays. */
async function tailing(answers: FakeAnswer[], terminal: Parameters<typeof typing>[0] = {}) {
  const platform = await startFakePlatform(() => (answers.length > 1 ? answers.shift() : answers[0]) ?? down);
  try {
    const typed = await typing(terminal)('runs', 'tail', ID, '--url', platform.url, '--key', 'a.b');
    return { ...typed, asked: platform.asked.length };
  } finally {
    await platform.close();
  }
}

describe('runplane runs tail', () => {
  it('says each status once, and goes on while the platform is away for a moment', async () => {
    const answers = [
      run('Pending'),
      run('Pending'),
      down,
      down,
      down,
      run('Running'),
      run('Running'),
      run('Succeeded'),
    ];

    const { code, out, err, asked } = await tailing(answers);

    expect([code, err, asked]).toEqual([0, '', 8]);
    expect(out.replaceAll(/\d\d:\d\d:\d\d/g, 'now')).toBe(
      `now  Pending\nnow  Running\nnow  Succeeded\nRun ${ID} succeeded.\n`,
    );
  });

  it('does not begin to watch where the platform is down', async () => {
    const { code, out, err } = await tailing([down]);

    expect([code, out]).toEqual([1, '']);
    expect(err).toBe('503: Please try again in a moment.\n');
  });

  it('ends at once at Ctrl-C, also while the platform is away', async () => {
    const interrupted = new AbortController();
    const answers = [run('Running'), down];

    const { code, err } = await tailing(answers, {
      interruption: () => {
        setTimeout(() => interrupted.abort(), 100);
        return interrupted.signal;
      },
    });

    expect(code).toBe(130);
    expect(err).toMatch(/^Stopped watching; run \S+ goes on\./);
  });
});
