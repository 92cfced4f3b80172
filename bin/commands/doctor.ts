import type { Command } from './command.ts';
import { type Finding, report } from './doctor/finding.ts';
import { findings } from './doctor/findings.ts';
import { gather } from './doctor/gather.ts';
import { counted, listed } from './print.ts';

export const diagnose: Command = {
  usage: 'doctor',
  summary: 'Look for what hurts: here, or with --stage in an AWS account',
  notes:
    'It changes nothing. The exit code is 1 when there is a problem; warnings are for later. With --json, the findings are on standard output in any case.',
  options: {},
  async act(values, terminal) {
    const found = findings(await gather(values, terminal));
    const problems = found.filter(({ level }) => level === 'problem').length;
    return {
      result: found,
      sentence: [...found.map(report), summary(found, problems)].join('\n'),
      exitCode: problems === 0 ? 0 : 1,
    };
  },
};

function summary(found: readonly Finding[], problems: number): string {
  const warnings = found.filter(({ level }) => level === 'warn').length;
  if (problems + warnings === 0) return 'Nothing hurts.';
  return `${listed([
    ...(problems === 0 ? [] : [counted(problems, 'problem')]),
    ...(warnings === 0 ? [] : [counted(warnings, 'warning')]),
  ])}.`;
}
