import { daysAfter, fewerDays, type Retention } from '../../runs/retention.ts';
import type { Run } from '../../runs/run.ts';
import { type RetentionClass, retentionClass } from '../file-retention.ts';
import type { Workspace } from '../workspaces.ts';
import { documentRunResult, type OutputFile } from './document-run.ts';

/** What a new run takes along, so that whoever writes for it knows; undefined when everything is kept. */
export function retentionFor(workspace: Pick<Workspace, 'retention'> | undefined): Retention | undefined {
  const retention = workspace?.retention ?? {};
  return Object.values(retention).some((days) => days !== undefined) ? retention : undefined;
}

/** An output is reached through its run, so it goes with the run at the latest. */
const outputDays = ({ retention }: Run): number | undefined =>
  fewerDays(retention?.outputsDays, retention?.runsDays);

/** How the file store is to keep a run's output, and its report of metrics, fields and columns. */
export const outputClass = (run: Run): RetentionClass | undefined => retentionClass(outputDays(run));
export const reportClass = (run: Run): RetentionClass | undefined => retentionClass(run.retention?.runsDays);

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
