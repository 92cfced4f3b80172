import { daysAfter, fewerDays } from '../../runs/retention.ts';
import type { Run } from '../../runs/run.ts';
import { outputDays } from '../files/kept-for.ts';
import { documentRunResult, type OutputFile } from './document-run.ts';

/**
 * The output of a run while it is kept. The setting decides, not the file: a bucket deletes some hours
 * after the time, and nobody should see an output that comes and goes.
 */
export function keptOutput(run: Run, now: Date): OutputFile | undefined {
  const { output } = documentRunResult(run);
  const days = outputDays(run);
  if (output === undefined || days === undefined) return output;
  const storedAt = output.createdAt ?? ('completedAt' in run ? run.completedAt : undefined);
  return storedAt === undefined || now < daysAfter(storedAt, days) ? output : undefined;
}

const afterDays = (days: number | undefined): string => `after ${days} ${days === 1 ? 'day' : 'days'}`;

export const removedOutput = (run: Run): string =>
  `Run output was removed ${afterDays(outputDays(run))}, as the workspace's retention setting asks`;

export const removedLog = ({ retention }: Run): string =>
  `Run log was removed ${afterDays(fewerDays(retention?.logsDays, retention?.runsDays))}, as the workspace's retention setting asks`;
