import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { WorkspaceRuns } from '../../lib/client/index.ts';
import { type Command, Complaint, type Outcome } from './command.ts';
import { duration } from './print.ts';
import { isGood, isOpen, type RunApi, runsOf, type SeenRun, statusOf } from './run-apis.ts';
import { BY_SPELLING, OF_RUN, withRun } from './runs.ts';
import { Screen } from './screen.ts';

/** How long to wait before a status is read again, in milliseconds. */
const POLL_MS = 1000;
/** What the shell makes of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;

export const tailRun: Command = {
  usage: 'runs tail <run id> [--thread <id>] [--agent <id>]',
  summary: 'Watch a run until it ends',
  notes: `${BY_SPELLING}\n\nA workspace's run shows its events as they happen, every other its status. The exit code is 0 when it succeeds and 1 when it ends otherwise. Ctrl-C ends the watching, not the run. With --json, one object per line: the events, then the run.`,
  options: OF_RUN,
  argument: 'run id',
  act: (values, terminal) =>
    withRun(values, terminal, async ({ id, name, runs, api }) => {
      const found = await runs.get(id);
      const hasEvents = name === 'workspace';
      if (!isOpen(found) && !hasEvents) return outcomeOf(found);
      const isQuiet = values.json === true;
      const screen = new Screen({ ...terminal, isInteractive: terminal.isInteractive && !isQuiet });
      const print: Watching['print'] = (line, event) => {
        if (isQuiet) terminal.write(`${JSON.stringify(event)}\n`);
        else screen.line(line);
      };
      const signal = terminal.interruption();
      const patient = api.patiently(signal);
      const watching = { id, screen, print, signal };
      try {
        if (hasEvents) await showEvents(patient.workspace, watching);
        return outcomeOf(
          hasEvents ? await runs.get(id) : await showStatuses(runsOf[name](patient), watching),
        );
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new Complaint(
          `Stopped watching; run ${id} goes on. runplane runs cancel ${id} would stop it.`,
          INTERRUPTED,
        );
      } finally {
        screen.close();
      }
    }),
};

interface Watching {
  id: string;
  screen: Screen;
  /** A line for people, or what it is about for programs. */
  print(line: string, event: unknown): void;
  signal: AbortSignal;
}

/** What events say of how far a run is. */
const Sheets = z.looseObject({ sheet_count: z.number().optional(), sheet_index: z.number().optional() });

/** Shows a run's events to their end. */
async function showEvents(runs: WorkspaceRuns, { id, screen, print }: Watching): Promise<void> {
  let [sheets, sheet] = [0, 0];
  screen.show({ label: 'queued', share: 0 });
  for await (const followed of runs.followRun(id)) {
    if (followed.type !== 'message') continue;
    const { timestamp, event, message, data } = followed.line;
    print(`${timeOf(timestamp)}  ${event}${message === event ? '' : `  ${message}`}`, followed.line);
    const { sheet_count, sheet_index } = Sheets.safeParse(data).data ?? {};
    sheets = sheet_count ?? sheets;
    sheet = sheet_index ?? sheet;
    if (sheets > 0) screen.show({ label: `sheet ${sheet + 1} of ${sheets}`, share: sheet / sheets });
  }
}

/** Shows each status that a run is in until it has ended. */
async function showStatuses(runs: RunApi, { id, screen, print, signal }: Watching): Promise<SeenRun> {
  for (let status = ''; ; ) {
    const seen = await runs.get(id);
    if (seen.status !== status)
      print(`${timeOf(new Date().toISOString())}  ${seen.status}`, { status: seen.status });
    if (!isOpen(seen)) return seen;
    status = seen.status;
    screen.show({ label: status });
    await sleep(POLL_MS, undefined, { signal });
  }
}

const timeOf = (instant: string): string => instant.slice(11, 19);

function outcomeOf(seen: SeenRun): Outcome {
  const took = seen.tookMs === undefined ? '' : ` in ${duration(seen.tookMs)}`;
  const end = `Run ${seen.id} ${isGood(seen) ? statusOf({ ...seen, status: 'succeeded' }) : `ended ${seen.status}`}${took}`;
  const why = seen.failure ?? seen.output;
  return {
    result: seen.run,
    sentence: why === undefined ? `${end}.` : `${end}: ${why.replace(/\.$/, '')}.`,
    exitCode: isGood(seen) ? 0 : 1,
  };
}
