import type { Party } from '../history.ts';
import type { Exchange, Facts, Record, RunFacts } from './facts.ts';
import { shortOf } from './facts.ts';
import { idsBySpelling, toldBy } from './told.ts';

/** What is promised, and how it is seen in a history. `checks` counts what was looked at. */
export interface Invariant {
  name: string;
  judge(facts: Facts): { checks: number; wrong: string[] };
}

type Finding = string | undefined | false;
const over = <T>(
  things: Iterable<T>,
  look: (thing: T) => Finding | Finding[],
): { checks: number; wrong: string[] } => {
  const all = [...things];
  const wrong = all.flatMap(look).filter((found): found is string => typeof found === 'string');
  return { checks: all.length, wrong };
};

function grouped<T>(things: readonly T[], nameOf: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) groups.set(nameOf(thing), [...(groups.get(nameOf(thing)) ?? []), thing]);
  return groups;
}

const OPEN = ['queued', 'running'];
const isOpen = ({ status }: Record): boolean => OPEN.includes(status);
const short = ({ id, kind, tenant }: RunFacts): string => `${kind} run …${id.slice(-4)} of ${tenant}`;
const lastOf = ({ records }: RunFacts): Record | undefined => records.at(-1);
/** Stands where a run would have been whose creator was taken for gone. */
const isPlaceholder = ({ records }: RunFacts): boolean => records[0]?.parentId === 'nobody';

const realRuns = ({ runs }: Facts): RunFacts[] => [...runs.values()].filter((run) => !isPlaceholder(run));

/** What a create has said stays so, and one key makes one run. */
const oneRunPerKey: Invariant = {
  name: 'one run per key',
  judge(facts) {
    const groups = grouped(toldBy(facts), ({ group }) => group);
    return over(groups, ([group, told]) => {
      const answers = new Set(told.map(({ ids }) => ids.join(' ')));
      return answers.size > 1 && `${group} was told of ${[...answers].join(' and of ')}`;
    });
  },
};

const nothingLost: Invariant = {
  name: 'nothing lost',
  judge(facts) {
    const ids = idsBySpelling(facts);
    return over(
      toldBy(facts).filter(({ kind }) => kind !== 'chat'),
      ({ exchange, ids: told }) =>
        told
          .filter((id) => {
            const run = facts.runs.get(ids.get(id) ?? '');
            return run === undefined || isPlaceholder(run);
          })
          .map((id) => `request ${exchange.no} was told of run ${id}, which is not there`),
    );
  },
};

/** Every run was somebody's wish, and one wish makes one. */
const nothingDoubled: Invariant = {
  name: 'nothing doubled',
  judge(facts) {
    const ids = idsBySpelling(facts);
    const told = toldBy(facts);
    const known = new Set(told.flatMap((answer) => answer.ids.map((id) => ids.get(id) ?? id)));
    const chats = new Set(told.filter(({ kind }) => kind === 'chat').flatMap((answer) => answer.ids));
    const prepared = (run: RunFacts): boolean => run.records[0]?.by === 'nobody';
    const chatted = new Map<string, number>();
    return over(realRuns(facts), (run) => {
      if (known.has(run.id) || prepared(run)) return undefined;
      if (run.kind !== 'thread') return `nobody was told of ${short(run)}`;
      const thread = `thread_${shortOf(run.records[0]?.parentId ?? '0')}`;
      if (!chats.has(thread)) return `nobody was told of ${short(run)}`;
      const turns = (chatted.get(thread) ?? 0) + 1;
      chatted.set(thread, turns);
      return turns > 1 && `${thread} of one chat has ${turns} runs`;
    });
  },
};

/** Everything ends, and nobody looks at it any more. */
const nothingStuck: Invariant = {
  name: 'nothing stuck',
  judge(facts) {
    const ends = over(realRuns(facts), (run) => {
      const last = lastOf(run);
      if (last === undefined) return undefined;
      if (isOpen(last)) return `${short(run)} is still ${last.status}`;
      return last.isListedOpen && `${short(run)} is ${last.status} and listed as open`;
    });
    const given = facts.history.entries.flatMap((entry) =>
      entry.type === 'note' && / gives up /.test(entry.text) ? [entry.text] : [],
    );
    const wrong = [...ends.wrong, ...given, ...(facts.isOver ? [] : ['the schedule did not end'])];
    return { checks: ends.checks + 1, wrong };
  },
};

/** status → the statuses that may follow it. A process may have ended before anybody saw it begin. */
const MAY_FOLLOW: { [status: string]: readonly string[] } = {
  queued: ['queued', 'running', 'failed', 'cancelled', 'timed_out'],
  running: ['running', 'queued', 'succeeded', 'failed', 'cancelled', 'timed_out'],
  succeeded: ['succeeded'],
  failed: ['failed'],
  cancelled: ['cancelled'],
  timed_out: ['timed_out'],
};

const said = ({ at: _at, by: _by, ...record }: Record): string => JSON.stringify(record);

function moveFault(run: RunFacts, before: Record, next: Record): Finding[] {
  const move = `${short(run)} went from ${before.status} to ${next.status}`;
  const isRedriven = next.redrives > before.redrives && run.kind === 'process';
  const isAllowed =
    MAY_FOLLOW[before.status]?.includes(next.status) === true ||
    (run.kind === 'process' && before.status === 'queued' && next.status === 'succeeded') ||
    (isRedriven && before.status !== 'succeeded' && next.status === 'running');
  const isEnd = !isOpen(before) && !isOpen(next);
  const isTaken = before.status === 'running' && next.status === 'running' && before.claimId !== next.claimId;
  return [
    !isAllowed && move,
    next.version !== before.version + 1 && `${move}, from version ${before.version} to ${next.version}`,
    next.attempt < before.attempt && `${move}, and lost an attempt`,
    isTaken &&
      next.attempt !== before.attempt + 1 &&
      `${move} under another claim without an attempt of its own`,
    isEnd && next.completedAt !== before.completedAt && `${move} and ended twice`,
    next.createdAt !== before.createdAt && `${move} and changed its age`,
    next.input !== before.input && `${move} and changed what was asked`,
    next.parentId !== before.parentId && `${move} and changed whose it is`,
  ];
}

const legalTransitions: Invariant = {
  name: 'no illegal transition',
  judge(facts) {
    const moves = realRuns(facts).flatMap((run) =>
      run.records.map((next, index) => ({ run, before: run.records[index - 1], next })),
    );
    return over(moves, ({ run, before, next }) => {
      if (before === undefined) return next.status !== 'queued' && `${short(run)} began as ${next.status}`;
      return said(before) === said(next) ? undefined : moveFault(run, before, next);
    });
  },
};

/** A thread answers one message at a time, and a document is worked on once for a configuration. */
const oneAtATime: Invariant = {
  name: 'one open run at a time',
  judge(facts) {
    const moves = realRuns(facts)
      .filter(({ kind }) => kind === 'thread' || kind === 'document')
      .flatMap((run) => run.records.map((record) => ({ run, record })))
      .sort((one, other) => one.record.at - other.record.at);
    const open = new Map<string, Set<string>>();
    return over(moves, ({ run, record }) => {
      const input = JSON.parse(record.input);
      if (run.kind === 'document' && input.document === undefined) return undefined;
      const place =
        run.kind === 'thread'
          ? `thread ${record.parentId}`
          : `document ${record.parentId} version ${input.document.no} configuration ${input.configurationId}`;
      const here = open.get(place) ?? new Set<string>();
      open.set(place, here);
      if (isOpen(record)) here.add(run.id);
      else here.delete(run.id);
      return here.size > 1 && `${place} has ${here.size} open runs`;
    });
  },
};

/** How far a laptop's clock was set back altogether, in milliseconds; those of functions stay together. */
const setBackBy = ({ history }: Facts): number =>
  history.entries.reduce((sum, entry) => {
    const [, by = '0'] = (entry.type === 'note' && /^the clock steps by -(\d+) ms$/.exec(entry.text)) || [];
    return sum + Number(by);
  }, 0);

/** Clocks are apart, in milliseconds. */
const SKEW_MS = 1000;
/** No run of a kind is out of time, or was not started in time, before so many milliseconds. */
const LEAST_LIMIT_MS: { [kind: string]: number } = {
  document: 890_000,
  thread: 290_000,
  agent: 270_000,
  process: 0,
};
const NOT_STARTED = /could not be started in time/;

/** A run is as old as its record, and is not ended for its age before it has any. */
const age: Invariant = {
  name: 'a run is as old as its record',
  judge(facts) {
    const beginning = facts.history.beginning;
    const asks = new Map(facts.exchanges.map((exchange) => [exchange.no, exchange]));
    const setBack = setBackBy(facts);
    return over(realRuns(facts), (run) => {
      const [first] = run.records;
      if (first === undefined || first.by === 'nobody') return [];
      const asked = asks.get(Number(first.by.split(' ')[1]));
      const createdAt = Date.parse(first.createdAt) - beginning;
      const end = run.records.find((record) => !isOpen(record));
      const lived = end === undefined ? 0 : end.at - first.at;
      const least = LEAST_LIMIT_MS[run.kind] ?? 0;
      const isOld = end?.status === 'timed_out' || NOT_STARTED.test(end?.failure?.message ?? '');
      return [
        asked !== undefined &&
          createdAt < asked.at - SKEW_MS - setBack &&
          `${short(run)} was made at ${first.at} ms and says that it is of ${createdAt} ms`,
        ...run.records.map(
          ({ createdAt: made, startedAt = made, completedAt = startedAt }) =>
            !(made <= startedAt && startedAt <= completedAt) && `${short(run)} goes back in time`,
        ),
        isOld && lived < least - SKEW_MS && `${short(run)} was ended for its age after ${lived} ms`,
      ];
    });
  },
};

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const SHORT = /(?<![0-9a-z])(?:run_|thread_)?[0-7][0-9a-z]{25}(?![0-9a-z])/g;
const TENANT_WORD = /tenant-([A-Z])-only/g;
const AGENT_WORD = /agent-([A-Z]-(?:one|two))-only/g;
const AGENT_ID = /(?<=")[A-Z]-(?:one|two)(?=")/g;

const namesIn = (text: string): string[] =>
  [...text.matchAll(UUID), ...text.matchAll(SHORT), ...text.matchAll(AGENT_ID)].map(([name]) =>
    name.replace(/^(run|thread)_/, ''),
  );

function isForeign({ owners }: Facts, name: string, { tenant, agent }: Party): boolean {
  const owner = owners.get(name);
  if (owner === undefined) return false;
  return (
    owner.tenant !== tenant || (agent !== undefined && owner.agent !== undefined && owner.agent !== agent)
  );
}

/** No answer says a word, or names a thing, that is another tenant's or another agent's. */
const isolation: Invariant = {
  name: 'no illegal read',
  judge(facts) {
    return over(facts.exchanges, ({ no, party, method, path, asked, status, body, headers }) => {
      const what = `request ${no} of ${party.name}, ${method} ${path}, answered ${status},`;
      const answer = `${body}\n${Object.values(headers).join('\n')}`;
      const request = `${path}\n${asked}`;
      const mentioned = new Set(namesIn(request));
      const words = [
        ...[...answer.matchAll(TENANT_WORD)].filter(([, tenant]) => tenant !== party.tenant),
        ...[...answer.matchAll(AGENT_WORD)].filter(
          ([, agent]) => party.agent !== undefined && agent !== party.agent,
        ),
      ].map(([word]) => word);
      const foreign = namesIn(answer).filter((name) => !mentioned.has(name) && isForeign(facts, name, party));
      const reached =
        status >= 200 && status < 300 ? [...mentioned].filter((name) => isForeign(facts, name, party)) : [];
      return [
        words.length > 0 && `${what} says ${words[0]}`,
        foreign.length > 0 && `${what} names ${foreign[0]}`,
        reached.length > 0 && `${what} reached ${reached[0]}`,
      ];
    });
  },
};

/** How long a revoked key may go on, in milliseconds. */
const REVOKED_MS = 60_000 + SKEW_MS;

const revokedKeys: Invariant = {
  name: 'a revoked key stops',
  judge({ exchanges }) {
    const revoked = new Map(
      exchanges
        .filter(
          ({ method, path, status }) => method === 'DELETE' && /\/api-keys\//.test(path) && status === 204,
        )
        .map(({ path, answeredAt }): [string, number] => [path.split('/').at(-1) ?? '', answeredAt]),
    );
    const later = exchanges.filter(({ party, at }) => {
      const [, , id = ''] = party.name.split('.');
      const since = revoked.get(id);
      return since !== undefined && at > since + REVOKED_MS;
    });
    return over(
      later,
      ({ no, status }) =>
        status >= 200 && status < 300 && `request ${no} was answered ${status} to a revoked key`,
    );
  },
};

const eventOf = (line: string): unknown => {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'event') : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};
const LAST = 'run.complete';

/** The bytes of a log follow each other, its lines are JSON, and it is closed once, by the last one. */
const logs: Invariant = {
  name: 'logs whole and closed once',
  judge(facts) {
    const read = realRuns(facts).filter(({ kind }) => kind === 'document' || kind === 'process');
    return over(read, (run) => {
      const last = lastOf(run);
      const chunks = facts.logs.get(run.id) ?? [];
      let end = 0;
      const gaps = chunks.filter(({ offset, text }) => {
        const isGap = offset !== end;
        end = offset + text.length;
        return isGap;
      });
      const text = chunks.map((chunk) => chunk.text).join('');
      const events = text.split('\n').slice(0, -1).map(eventOf);
      const closings = events.filter((event) => event === LAST).length;
      const most = 1 + (last?.redrives ?? 0);
      const goesOn = events.some(
        (event, at) => event === LAST && events[at + 1] !== undefined && events[at + 1] !== 'run.redriven',
      );
      // In the words of ADE a cancelled run has no last line; nor has one that never began.
      const wantsClosing =
        run.kind === 'process' || (last?.status !== 'cancelled' && last?.startedAt !== undefined);
      const isOver = last !== undefined && !isOpen(last);
      // Who dies before the last line leaves it to the event of the end, unless nobody is told of that either.
      const isTold = !facts.machines.some(
        (entry) => entry.run === run.id && entry.what === 'event lost' && entry.detail !== 'RUNNING',
      );
      return [
        gaps.length > 0 && `the log of ${short(run)} has a gap before ${gaps[0]?.offset}`,
        text !== '' && !text.endsWith('\n') && `the last line of the log of ${short(run)} is cut`,
        events.includes(undefined) && `a line of the log of ${short(run)} is no event`,
        closings > most && `the log of ${short(run)} is closed ${closings} times`,
        goesOn && `the log of ${short(run)} goes on after its end`,
        isOver && isTold && wantsClosing && closings === 0 && `the log of ${short(run)} is never closed`,
      ];
    });
  },
};

const keysIn = (value: unknown, name: string): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, inner]) =>
    member === name && typeof inner === 'string' ? [inner] : keysIn(inner, name),
  );
};

/** What a run that succeeded refers to is there, and says the whole; another one's success it does not have. */
const outputs: Invariant = {
  name: 'outputs of succeeded runs are there',
  judge(facts) {
    return over(realRuns(facts), (run) => {
      const last = lastOf(run);
      if (last === undefined || isOpen(last)) return [];
      const keys = ['fileKey', 'reportKey', 'outputsKey', 'contentKey'].flatMap((name) =>
        keysIn(last.result, name),
      );
      const missing = keys.filter((key) => !facts.files.has(key));
      const reading = facts.exchanges.filter(
        ({ party, method, path }) =>
          party.name.startsWith('audit') && method === 'GET' && pathIsOf(path, run),
      );
      return [
        missing.length > 0 &&
          `${short(run)} is ${last.status} and refers to ${missing[0]}, which is not there`,
        ...(last.status === 'succeeded' ? reading.map((seen) => readFault(facts, run, seen)) : []),
      ];
    });
  },
};

const pathIsOf = (path: string, { id }: RunFacts): boolean => path.includes(id) || path.includes(shortOf(id));

const END_OF_ANSWER = 'the end.';

function readFault(facts: Facts, run: RunFacts, { path, status, body }: Facts['exchanges'][number]): Finding {
  const isRead = status >= 200 && status < 300;
  if (!isRead) return `${short(run)} succeeded, and ${path} answers ${status}`;
  if (run.kind === 'process' && path === `/runs/${shortOf(run.id)}`) {
    const end = facts.machines.findLast(({ run: name, what }) => name === run.id && what === 'SUCCEEDED');
    const { outputs: told } = JSON.parse(body);
    const given = Object.entries(JSON.parse(end?.detail ?? '{}')).map(([name, value]) => ({ name, value }));
    if (JSON.stringify(told) !== JSON.stringify(given))
      return `${short(run)} succeeded with other outputs than its execution`;
  }
  if (run.kind === 'agent') {
    const { content, usage } = JSON.parse(body);
    if (content !== null && !String(content.text).endsWith(END_OF_ANSWER))
      return `${short(run)} succeeded, and of its answer is kept '…${String(content.text).slice(-30)}'`;
    if (usage === null) return `${short(run)} succeeded and does not say what it took`;
    if (usage.estimated) return `${short(run)} succeeded, and what it took is estimated`;
  }
  return undefined;
}

/** Every run that has ended has a receipt, whose amounts add up; one that nothing befell is complete. */
const receipts: Invariant = {
  name: 'receipts are complete',
  judge(facts) {
    const read = facts.exchanges.filter(({ party, path, status }) => {
      const isCost = /\/runs\/[^/]+\/metrics$/.test(path) || /\/agents\/[^/]+\/runs\/[^/]+$/.test(path);
      return party.name.startsWith('audit') && isCost && status === 200;
    });
    const ids = [...facts.runs.values()];
    return over(read, ({ path, body }) => {
      const run = ids.find((known) => path.includes(known.id));
      const last = run && lastOf(run);
      if (run === undefined || last === undefined || isOpen(last)) return undefined;
      const { cost } = JSON.parse(body);
      if (cost == null) return `${short(run)} has ended without a receipt`;
      const items: { unit: string; quantity: number; amount: number }[] = cost.items;
      const sum = items.reduce((total, { amount }) => total + Math.round(amount * 1e12), 0);
      const distinct = run.records.filter(
        (record, at) => at === 0 || said(record) !== said(run.records[at - 1] ?? record),
      );
      const isPlain = last.status === 'succeeded' && last.attempt === 1 && distinct.length === 3;
      // What is charged for the tokens of a model without a price is not known.
      const isKnown = run.kind !== 'agent';
      return [
        items.length === 0 && `the receipt of ${short(run)} is empty`,
        sum !== Math.round(cost.total * 1e12) && `the receipt of ${short(run)} does not add up`,
        items.some(({ quantity }) => !(quantity > 0)) &&
          `the receipt of ${short(run)} counts what was not used`,
        isPlain &&
          isKnown &&
          cost.complete !== true &&
          `the receipt of ${short(run)}, to which nothing happened, is not complete`,
      ];
    });
  },
};

/** What is said in a thread is read in the order in which it was said. */
const threadsInOrder: Invariant = {
  name: 'threads in order',
  judge(facts) {
    const asked = grouped(
      realRuns(facts)
        .filter(({ kind }) => kind === 'thread')
        .sort((one, other) => (one.records[0]?.at ?? 0) - (other.records[0]?.at ?? 0)),
      ({ records }) => `thread_${shortOf(records[0]?.parentId ?? '0')}`,
    );
    const reads = facts.exchanges.filter(
      ({ party, path, status }) =>
        party.name.startsWith('audit') && status === 200 && /\/threads\/[^/]+$/.test(path),
    );
    return over(reads, ({ path, body }) => {
      const thread = path.split('/').at(-1) ?? '';
      const messages: { role: string; content: string }[] = JSON.parse(body).messages;
      const read = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
      const said = (asked.get(thread) ?? []).map(
        ({ records }) => JSON.parse(records[0]?.input ?? '{}').message,
      );
      return (
        read.join('\n') !== said.join('\n') &&
        `${thread} has ${read.join(', ')} instead of ${said.join(', ')}`
      );
    });
  },
};

/** One execution for a run: another one would do somebody's business twice. */
const oneExecution: Invariant = {
  name: 'one execution per run',
  judge(facts) {
    const starts = new Map<string, number>();
    const wrong: string[] = [];
    for (const { what, run } of facts.machines) {
      if (what === 'forgotten') starts.clear(); // they died with their process
      if (what !== 'started') continue;
      const count = (starts.get(run) ?? 0) + 1;
      starts.set(run, count);
      if (count === 2) wrong.push(`run …${run.slice(-4)} was started twice`);
    }
    return { checks: starts.size, wrong };
  },
};

/** Whoever has been told that a process run is cancelled knows that its execution does not go on. */
const cancelledIsStopped: Invariant = {
  name: 'what is cancelled stops',
  judge(facts) {
    const ids = idsBySpelling(facts);
    const cancels = facts.exchanges.filter(
      ({ method, path, status }) =>
        method === 'POST' && status === 200 && /^\/runs\/[^/]+\/cancel$/.test(path),
    );
    return over(cancels, ({ path, answeredAt }) => {
      const run = facts.runs.get(ids.get(path.split('/')[2] ?? '') ?? '');
      const own = facts.machines.filter((entry) => entry.run === run?.id && entry.at <= answeredAt);
      const last = own.findLast(({ what }) => MACHINE_STATES.includes(what));
      const isGone = facts.machines.some(({ what, at }) => what === 'forgotten' && at <= answeredAt);
      const goesOn = last?.what === 'started' || last?.what === 'redriven';
      return (
        run !== undefined && goesOn && !isGone && `${short(run)} is cancelled, and its execution goes on`
      );
    });
  },
};
const MACHINE_STATES = ['started', 'redriven', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

/** How soon a run is over when its platform has been told that its execution is, in milliseconds. */
const TOLD_MS = 15_000;

/**
 * The end of an execution is the end of its run when it is told, and not when somebody comes to look. Where a
 * task of ours has succeeded, the run's own worker says so, which may still be another one's turn.
 */
const toldIsOver: Invariant = {
  name: 'what is told is over',
  judge(facts) {
    const { history, machines, runs } = facts;
    const isSpoilt = history.entries.some(
      (entry) =>
        (entry.type === 'call' && entry.by.startsWith('settle') && entry.fault !== undefined) ||
        (entry.type === 'note' && entry.text === 'the process is killed'),
    );
    const wasResumed = new Set(machines.filter(({ what }) => what === 'redriven').map(({ run }) => run));
    const told = machines.filter(
      ({ what, run, detail }) => what === 'told' && detail !== 'RUNNING' && !wasResumed.has(run),
    );
    return over(isSpoilt ? [] : told, ({ at, run: id, detail }) => {
      const run = runs.get(id);
      // What stands behind the backlog was not started by us, and we do not know it by its input.
      if (run === undefined || run.records[0]?.by === 'nobody') return undefined;
      if (detail === 'SUCCEEDED' && run.kind !== 'process') return undefined;
      const known = run.records.findLast((record) => record.at <= at + TOLD_MS);
      return (
        (known === undefined || isOpen(known)) &&
        `${short(run)} is still open ${TOLD_MS} ms after its end was told at ${at} ms`
      );
    });
  },
};

/** How soon a run of a tenant to whom nothing happens begins: at once, or when the sweeper has come, in milliseconds. */
const BEGINS_MS = 15_000;
const BEGINS_LATE_MS = 180_000 + 15_000;
/** Sweeps come once a minute; one that fails is as good as none. */
const SWEEP_MS = 60_000;

const quietTenant: Invariant = {
  name: 'a quiet tenant is served',
  judge(facts) {
    const quiet = realRuns(facts).filter(
      ({ tenant, records }) => tenant === 'C' && records[0]?.by !== 'nobody',
    );
    const { entries } = facts.history;
    const lost = entries.filter(
      (entry) =>
        (entry.type === 'call' && entry.fault !== undefined && /^sweep/.test(entry.by)) ||
        (entry.type === 'note' && /^the process is killed/.test(entry.text)),
    ).length;
    const wasThrottled = entries.some(
      (entry) => entry.type === 'call' && entry.by.startsWith('quiet') && entry.fault !== undefined,
    );
    const isLocal = entries.some(
      (entry) => entry.type === 'note' && /^the process is killed/.test(entry.text),
    );
    const bound = (wasThrottled || isLocal ? BEGINS_LATE_MS : BEGINS_MS) + lost * SWEEP_MS;
    return over(quiet, (run) => {
      const [first] = run.records;
      const begun = run.records.find(({ status }) => status !== 'queued');
      if (first === undefined) return undefined;
      if (begun === undefined) return `${short(run)} never began`;
      const waited = begun.at - first.at;
      return waited > bound && `${short(run)} began after ${waited} ms, later than ${bound}`;
    });
  },
};

/** Says that the key stands for another request. */
const KEY_IS_TAKEN = /Idempotency-Key was already used with another request/;

const keyOf = ({ party, path, key }: Exchange): string => `${party.holder ?? party.name} ${path} ${key}`;

/**
 * Whether a request may hold its key when another one comes: it was asked before that one was answered, and was
 * not refused before that one was asked, for a refusal gives its key back. What was not answered, or failed, may
 * have made something.
 */
const mayHold = (holder: Exchange, { at, answeredAt }: Exchange): boolean => {
  const isRefused = holder.status >= 400 && holder.status < 500;
  return holder.at <= answeredAt && !(isRefused && holder.answeredAt < at);
};

/** Of what was asked properly, only what may be is refused. */
const noFalseRefusal: Invariant = {
  name: 'no false refusal',
  judge(facts) {
    const { exchanges } = facts;
    const keys = grouped(
      exchanges.filter(({ key }) => key !== undefined),
      keyOf,
    );
    const asks = exchanges.filter(
      ({ party, status }) =>
        status >= 400 && status < 500 && status !== 409 && !/audit|spare/.test(party.name),
    );
    return over(asks, (exchange) => {
      const { no, party, method, path, status, asked, body } = exchange;
      // A key of one agent is good for that agent only; what is another tenant's is refused to everybody.
      if (party.agent !== undefined && (status === 403 || status === 404)) return undefined;
      const isPrying = namesIn(`${path}\n${asked}`).some((name) => isForeign(facts, name, party));
      if (isPrying || /^\/processes/.test(path)) return undefined;
      // One key for two requests is a mistake also of one and the same party, who pries with it: it is told so
      // while the other request is at work, before anybody knows that what it asks for is refused.
      const others = KEY_IS_TAKEN.test(body) ? (keys.get(keyOf(exchange)) ?? []) : [];
      if (others.some((other) => other.asked !== asked && mayHold(other, exchange))) return undefined;
      return `request ${no} of ${party.name}, ${method} ${path}, was refused with ${status}: ${body.slice(0, 200)}`;
    });
  },
};

export const INVARIANTS: readonly Invariant[] = [
  oneRunPerKey,
  nothingLost,
  nothingDoubled,
  nothingStuck,
  legalTransitions,
  oneAtATime,
  age,
  isolation,
  revokedKeys,
  logs,
  outputs,
  receipts,
  threadsInOrder,
  oneExecution,
  cancelledIsStopped,
  toldIsOver,
  quietTenant,
  noFalseRefusal,
];
