import { queryItems } from '../../lib/adapters/aws/dynamo/items.ts';
import { logOffset, logPartition } from '../../lib/adapters/aws/dynamo/keys.ts';
import { isTerminal } from '../../lib/runs/lifecycle.ts';
import { LAST_EVENT, readLog } from '../../lib/runs/log.ts';
import { type Run, type RunKind, refOf } from '../../lib/runs/run.ts';
import type { World } from './world.ts';

const short = ({ id, status }: Pick<Run, 'id' | 'status'>): string => `${id.slice(-4)} (${status})`;

/** Every run of a workspace and kind, the oldest first. */
export async function runsIn({ calm }: World, workspaceId: string, kind: RunKind): Promise<Run[]> {
  const { runs } = await calm.runs.list({ workspaceId, kind, limit: 1000, order: 'oldestFirst' });
  return runs;
}

/** Nobody was told of a run that is not there, no key made two, and none was made that nobody knows. */
export function judgeCreates(told: ReadonlyMap<string, ReadonlySet<string>>, runs: readonly Run[]): string[] {
  const known = new Set([...told.values()].flatMap((ids) => [...ids]));
  const there = new Set(runs.map(({ id }) => id));
  return [
    ...[...told].flatMap(([key, ids]) =>
      [...ids]
        .filter((id) => !there.has(id))
        .map((id) => `lost: ${key} was told of ${id}, which is not there`),
    ),
    ...runs.filter(({ id }) => !known.has(id)).map((run) => `duplicated: nobody was told of ${short(run)}`),
  ];
}

/** Every run has ended, and nobody will look at it again. */
export async function judgeEnds({ calm }: World, runs: readonly Run[]): Promise<string[]> {
  const listed = await calm.runs.listOpen({ leaseBefore: '9999-12-31T23:59:59.999Z', limit: 1000 });
  const ids = new Set(runs.map(({ id }) => id));
  return [
    ...runs.filter(({ status }) => !isTerminal(status)).map((run) => `stuck: ${short(run)}`),
    ...listed.filter(({ runId }) => ids.has(runId)).map(({ runId }) => `stuck: ${runId} is listed as open`),
  ];
}

/** The bytes of a log follow each other, its lines are JSON, and it is closed once, by the last one. */
export async function judgeLog({ calm, ground }: World, run: Run): Promise<string[]> {
  const wrong: string[] = [];
  const chunks = await queryItems(
    { client: ground.client, name: ground.tableName },
    {
      KeyConditionExpression: 'pk = :log',
      ExpressionAttributeValues: { ':log': logPartition(run.id) },
      ConsistentRead: true,
    },
  );
  let end = 0;
  for (const { sk, bytes, inflatesTo } of chunks) {
    if (logOffset(sk) !== end) wrong.push(`log of ${short(run)}: a chunk at ${logOffset(sk)}, not at ${end}`);
    end = logOffset(sk) + Number(inflatesTo ?? (bytes instanceof Uint8Array ? bytes.length : Number.NaN));
  }
  const parts: Uint8Array[] = [];
  for await (const part of readLog(calm, refOf(run))) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  if (Buffer.byteLength(text) !== end)
    wrong.push(`log of ${short(run)}: ${end} bytes, of which ${text.length} are read`);
  if (text !== '' && !text.endsWith('\n')) wrong.push(`log of ${short(run)}: its last line is cut`);
  const events = text.split('\n').slice(0, -1).map(eventOf);
  if (events.includes(undefined)) wrong.push(`log of ${short(run)}: a line is no event`);
  const closings = events.filter((event) => event === LAST_EVENT).length;
  const mayHave = 1 + (run.redrives ?? 0);
  if (closings > mayHave) wrong.push(`duplicated: the log of ${short(run)} is closed ${closings} times`);
  const goesOn = events.some((event, at) => event === LAST_EVENT && !AFTER_END.includes(events[at + 1]));
  if (goesOn) wrong.push(`log of ${short(run)}: goes on after its end`);
  return wrong;
}

/**
 * What one fault alone must not cost, and several may: the run its success, unless it was cancelled, its log
 * the last line, and a process that is cancelled its end.
 */
export async function judgeOneFault({ calm, machines }: World, runs: readonly Run[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const run of runs) {
    // Of an agent's answer nobody but its caller can make a second try.
    const isSpared = run.status === 'succeeded' || run.status === 'cancelled' || run.kind === 'agent';
    if (!isSpared) wrong.push(`lost: ${short(run)} for one fault`);
    const log = Buffer.from(await calm.log.read(refOf(run), 0));
    const isClosed = log.includes(`"event":"${LAST_EVENT}"`);
    if (!isClosed && wantsClosing(run)) wrong.push(`lost: the log of ${short(run)} is not closed`);
    const { endedAt = 0, state } = machines.executions.get(run.id) ?? {};
    const isAhead = run.status === 'cancelled' && endedAt > Date.parse(run.completedAt);
    if (run.kind === 'process' && isAhead && state?.status !== 'aborted')
      wrong.push(`stuck: ${short(run)}, and its execution went on until it ${state?.status}`);
  }
  return wrong;
}

/** What may stand after the last event. */
const AFTER_END: readonly unknown[] = [undefined, 'run.redriven'];

/** Of kinds whose logs are read; document runs that were cancelled have no last line, as in ADE. */
const wantsClosing = (run: Run): boolean =>
  run.kind === 'process' ||
  (run.kind === 'document' && run.status !== 'cancelled' && run.startedAt !== undefined);

function eventOf(line: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    const isEvent = typeof parsed === 'object' && parsed !== null && 'event' in parsed;
    return isEvent && typeof parsed.event === 'string' ? parsed.event : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
