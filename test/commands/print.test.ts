import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { columns, counted, duration, listed, printable } from '../../bin/commands/print.ts';
import { isGood, isOpen } from '../../bin/commands/run-apis.ts';
import { Screen } from '../../bin/commands/screen.ts';
import { AGENT_RUN_STATUSES } from '../../lib/apis/agent-run/contract.ts';
import { WIRE_STATUSES as PROCESS_STATUSES } from '../../lib/apis/process-runs/contract.ts';
import { WIRE_STATUSES as THREAD_STATUSES } from '../../lib/apis/thread-runs/contract.ts';
import { WIRE_STATUSES as WORKSPACE_STATUSES } from '../../lib/apis/workspace-runs/wire.ts';
import { nearest } from '../../lib/spreadsheets/words/nearest.ts';

describe('words on the screen', () => {
  it('stand in columns as wide as their longest, without blanks at the end', () => {
    const rows = [
      ['a', 'bb', 'c'],
      ['aaa', 'b', ''],
    ];

    expect(columns(rows)).toBe('a    bb  c\naaa  b');
    expect(columns([])).toBe('');
  });

  it.each([
    [0, '0.0 s'],
    [449, '0.4 s'],
    [9449, '9.4 s'],
    [9500, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [185_000, '3 min 5 s'],
  ])('say of %i milliseconds that they are %s', (milliseconds, said) => {
    expect(duration(milliseconds)).toBe(said);
  });

  it('count and list things', () => {
    expect([counted(1, 'stream'), counted(0, 'stream')]).toEqual(['1 stream', '0 streams']);
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'], 'or')]).toEqual([
      '',
      'a',
      'a and b',
      'a, b or c',
    ]);
  });

  it('hold nothing that a terminal obeys', () => {
    expect(printable('a\u001b]0;title\u0007b\u009bc\td\r\ne')).toBe('a�]0;title�b�c�d�\ne');
  });
});

describe('nearest', () => {
  const names = ['runs list', 'runs tail', 'key list', 'doctor'];

  it.each([
    ['runs tial', 'runs tail'],
    ['rus list', 'runs list'],
    ['rusn tail', 'runs tail'],
    ['dcotro', 'doctor'],
    ['doctor', 'doctor'],
    ['docs', undefined],
    ['x', undefined],
    ['', undefined],
  ])('finds for %j what was meant: %s', (typed, meant) => {
    expect(nearest(typed, names)).toBe(meant);
  });
});

describe('statuses of runs', () => {
  const all = [...WORKSPACE_STATUSES, ...PROCESS_STATUSES, ...THREAD_STATUSES, ...AGENT_RUN_STATUSES];
  const of = (is: (seen: { status: string }) => boolean): string[] =>
    [...new Set(all.filter((status) => is({ status })))].toSorted();

  it('are open, good or neither in all four APIs', () => {
    expect(of(isOpen)).toEqual(['Created', 'Pending', 'Running', 'in_progress', 'queued', 'running']);
    expect(of(isGood)).toEqual(['Succeeded', 'completed', 'succeeded']);
    expect(of((seen) => !isOpen(seen) && !isGood(seen))).toEqual(
      ['Cancelled', 'Failed', 'TimedOut', 'cancelled', 'expired', 'failed', 'timed_out'].toSorted(),
    );
  });
});

describe('Screen', () => {
  const written: string[] = [];
  beforeEach(() => {
    written.length = 0;
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const on = (isInteractive: boolean) => new Screen({ isInteractive, write: (text) => written.push(text) });
  const ERASE = '\r\u001b[2K';

  it('writes lines alone where nobody looks', () => {
    const screen = on(false);

    screen.show({ label: 'queued', share: 0 });
    screen.line('one');
    vi.advanceTimersByTime(5000);
    screen.close();

    expect(written).toEqual(['one\n']);
  });

  it('keeps the progress below the lines, and takes it away at the end', () => {
    const screen = on(true);

    screen.show({ label: 'sheet 2 of 3', share: 0.5 });
    screen.line('one');
    screen.close();
    vi.advanceTimersByTime(5000);

    const bar = `${ERASE}${'█'.repeat(12)}${'░'.repeat(12)} sheet 2 of 3, 0.0 s`;
    expect(written).toEqual([bar, `${ERASE}one\n`, bar, ERASE]);
  });

  it('tells the time while nothing happens', () => {
    const screen = on(true);

    screen.show({ label: 'Running' });
    vi.advanceTimersByTime(2000);
    screen.close();

    expect(written).toEqual([
      `${ERASE}Running, 0.0 s`,
      `${ERASE}Running, 1.0 s`,
      `${ERASE}Running, 2.0 s`,
      ERASE,
    ]);
  });

  it.each([
    [-1, 0],
    [0, 0],
    [1, 24],
    [7, 24],
  ])('draws a share of %i as %i of 24', (share, done) => {
    const screen = on(true);

    screen.show({ label: 'x', share });
    screen.close();

    expect(written[0]).toBe(`${ERASE}${'█'.repeat(done)}${'░'.repeat(24 - done)} x, 0.0 s`);
  });
});
