import type { Terminal } from '../command.ts';
import { brush } from '../inspect/brush.ts';
import { columns, counted, duration, printable } from '../print.ts';
import { type FileEnd, isDoubtful } from './file-run.ts';

/** How every file came out, in a table, and of those that failed why. */
export function fileTable(
  ends: readonly FileEnd[],
  terminal: Pick<Terminal, 'isInteractive' | 'environment'>,
): string {
  const paint = brush(terminal);
  const rows = ends.map(({ file, ended: { status, outcome, rows, issues }, output, tookMs }) => [
    shown(file),
    status,
    outcome ?? '-',
    status === 'succeeded' ? rows.toLocaleString('en') : '-',
    status === 'succeeded' ? issues.toLocaleString('en') : '-',
    duration(tookMs),
    output === null ? '-' : shown(output),
  ]);
  const [header = '', ...lines] = columns([
    ['FILE', 'STATUS', 'OUTCOME', 'ROWS', 'ISSUES', 'TOOK', 'OUTPUT'],
    ...rows,
  ]).split('\n');
  const coloured = lines.map((line, index) => {
    const ended = ends[index]?.ended;
    if (ended === undefined) return line;
    if (ended.status !== 'succeeded') return paint.red(line);
    return isDoubtful(ended) ? paint.yellow(line) : line;
  });
  const failures = ends.flatMap(({ file, ended: { failure } }) =>
    failure === null ? [] : [`${shown(file)}: ${shown(failure.message)}`],
  );
  return [paint.bold(header), ...coloured, ...failures].join('\n');
}

/** How many there were, and how many somebody should look at. */
export function summary(ends: readonly FileEnd[]): string {
  const failed = ends.filter(({ ended: { status } }) => status !== 'succeeded').length;
  const doubtful = ends.filter(({ ended }) => isDoubtful(ended)).length;
  const said = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(doubtful > 0 ? [`${doubtful} to look at`] : []),
  ];
  return `${counted(ends.length, 'file')}${said.length === 0 ? '' : `, ${said.join(', ')}`}.`;
}

/** On one line, without anything that a terminal would obey. */
const shown = (text: string): string => printable(text).replaceAll('\n', ' ');
