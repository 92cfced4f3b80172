import { fewerDays, type Retention } from '../../runs/retention.ts';
import type { Run } from '../../runs/run.ts';
import type { Workspace } from '../workspaces/workspaces.ts';
import { type RetentionClass, retentionClass } from './file-retention.ts';

/** What a new run takes along, so that whoever writes for it knows; undefined when everything is kept. */
export function retentionFor(workspace: Pick<Workspace, 'retention'> | undefined): Retention | undefined {
  const retention = workspace?.retention ?? {};
  return Object.values(retention).some((days) => days !== undefined) ? retention : undefined;
}

type Kept = Pick<Run, 'retention'>;

/** An output is reached through its run, so it goes with the run at the latest. */
export const outputDays = ({ retention }: Kept): number | undefined =>
  fewerDays(retention?.outputsDays, retention?.runsDays);

/** How the file store is to keep a run's output, and its report of metrics, fields and columns. */
export const outputClass = (run: Kept): RetentionClass | undefined => retentionClass(outputDays(run));
export const reportClass = (run: Kept): RetentionClass | undefined => retentionClass(run.retention?.runsDays);
