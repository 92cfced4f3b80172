import { type Dice, diceOf } from '../support/nasty.ts';
import type { HttpRequest } from './functions.ts';
import type { Caller, Role } from './plan.ts';
import { processArn } from './step-functions.ts';
import { csvOf, FORM_HEADERS, formOf, type Tenant, tenantWord } from './tenants.ts';
import type { Answer, World } from './world.ts';

/** Where a run that somebody was told of is found. */
export interface Known {
  tenant: string;
  kind: 'document' | 'process' | 'thread' | 'agent';
  /** Its address. */
  path: string;
}

/** What everybody knows: who pries has read it somewhere. */
export interface Notebook {
  known: Known[];
  /** Callers that have not had their last answer. */
  busy: number;
}

/** After a failure a client asks again soon, later, or when a key that was left behind is free again. */
const PAUSES_MS = [150, 2500, 31_000];
/** A client gives up what is not answered for so long after the last fault, in milliseconds. */
const PATIENCE_MS = 3 * 3_600_000;
/** How long a revoked key may go on, with some to spare, in milliseconds. */
const REVOKED_MS = 62_000;

/** Which credentials a role has for a deed: not every API knows people, or keys of one agent. */
function partyFor({ role, deed }: Pick<Caller, 'role' | 'deed'>): Role {
  switch (deed) {
    case 'thread':
    case 'chat':
      return role === 'one' || role === 'two' ? 'member' : role;
    case 'process':
    case 'answer':
    case 'stream':
      return role === 'ada' || role === 'bob' ? 'owner' : role;
    case 'express':
    case 'revoke':
      return 'owner';
    default:
      return role === 'member' ? role : 'owner';
  }
}

/** One client of a schedule, who goes on asking until there is an answer. */
export class Client {
  readonly #world: World;
  readonly #tenant: Tenant;
  readonly #tenants: ReadonlyMap<string, Tenant>;
  readonly #caller: Caller;
  readonly #lane: string;
  readonly #notebook: Notebook;
  readonly #dice: Dice;
  readonly #role: Role;

  constructor(
    world: World,
    tenants: ReadonlyMap<string, Tenant>,
    { caller, no, notebook }: { caller: Caller; no: number | 'quiet'; notebook: Notebook },
  ) {
    const tenant = tenants.get(no === 'quiet' ? 'C' : caller.tenant);
    if (tenant === undefined) throw new TypeError(`There is no tenant ${caller.tenant}`);
    this.#world = world;
    this.#tenants = tenants;
    this.#tenant = tenant;
    this.#caller = caller;
    this.#lane = no === 'quiet' ? 'quiet' : `c${no}`;
    this.#notebook = notebook;
    this.#dice = diceOf(caller.at + (no === 'quiet' ? 99 : no));
    this.#role = partyFor(caller);
  }

  /** Does what it does; with the same words and key once more, if it asks again. */
  async go(): Promise<void> {
    const { at, again } = this.#caller;
    await Promise.all([this.#after(at), ...(again === undefined ? [] : [this.#after(at + again, true)])]);
  }

  async #after(milliseconds: number, isAgain = false): Promise<void> {
    this.#notebook.busy += 1;
    await this.#world.simulation.wait(milliseconds);
    await this.#do(isAgain);
    this.#notebook.busy -= 1;
  }

  async #do(isAgain: boolean): Promise<void> {
    const { deed, slot } = this.#caller;
    const { workspaceId, documents, threads, agents, processes } = this.#tenant;
    const base = `/api/v1/workspaces/${workspaceId}`;
    const project = `/api/projects/${workspaceId}`;
    const word = tenantWord(this.#tenant.name);
    const key = `${deed}-${slot}`;
    const say = `${word} says ${slot}`;
    const agentId = slot === 1 ? agents.two : agents.one;
    switch (deed) {
      case 'document': {
        const answer = await this.#insist(
          'POST',
          `${base}/runs`,
          { inputDocumentId: documents[slot % 2] },
          key,
        );
        return this.#go('document', idsOf(answer, 'id'), isAgain);
      }
      case 'batch': {
        const answer = await this.#insist('POST', `${base}/runs/batch`, { documentIds: documents }, key);
        return this.#go('document', idsOf(answer, 'runs'), isAgain);
      }
      case 'upload':
        return this.#upload(base, isAgain);
      case 'form': {
        const fields = { run_options: '{}', conflictMode: 'keep_both' };
        const form = formOf(`${word}-form-${slot}.csv`, csvOf(this.#tenant.name), fields);
        const answer = await this.#insist('POST', `${base}/documents`, form, key);
        return this.#go('document', idsOf(answer, 'lastRun'), isAgain);
      }
      case 'process': {
        const [process_id, agent_id] =
          slot === 1 ? [processes.strayed, agents.two] : [processes.plain, agents.one];
        const inputs = slot === 2 ? { text: `${say} ${'x'.repeat(5000)}` } : { order: say };
        const body = { agent_id, process_id, stage: 'Published', name: say, inputs };
        const answer = await this.#insist('POST', '/runs', body, key);
        return this.#go('process', idsOf(answer, 'id'), isAgain);
      }
      case 'express': {
        const arn = processArn(this.#tenant.name, 'express');
        const asked = {
          agent_id: agents.one,
          name: `express ${word}`,
          stage: 'Published',
          state_machine_arn: arn,
        };
        const process = await this.#insist('POST', '/processes', asked);
        if (process?.status !== 201) return;
        const [process_id] = idsOf(process, 'id');
        const body = { agent_id: agents.one, process_id, stage: 'Published', name: say, inputs: {} };
        const answer = await this.#insist('POST', '/runs', body, key);
        return this.#go('process', idsOf(answer, 'id'), isAgain);
      }
      case 'thread': {
        const path = `${project}/threads/${threads[slot % 2]}/runs`;
        const answer = await this.#insist('POST', path, { message: say }, key);
        return this.#go('thread', idsOf(answer, 'runId'), isAgain, threads[slot % 2]);
      }
      case 'chat':
        await this.#insist('POST', `${project}/chat`, { message: say }, key);
        return;
      case 'answer':
      case 'stream':
        return this.#runAgent(agentId, say, key);
      case 'revoke':
        return this.#revoke(base);
      case 'pry':
        return this.#pry();
    }
  }

  /** Looks at a run until it is over, cancels it, or uploads an output by hand; and tells others where it is. */
  async #go(kind: Known['kind'], ids: readonly string[], isAgain: boolean, threadId = ''): Promise<void> {
    const { cancels, amends } = this.#caller;
    for (const id of ids)
      this.#notebook.known.push({ tenant: this.#tenant.name, kind, path: this.#pathOf(kind, id, threadId) });
    const [id] = ids;
    if (id === undefined || isAgain) return;
    const path = this.#pathOf(kind, id, threadId);
    const { simulation } = this.#world;
    for (const after of cancels) {
      await simulation.wait(after);
      await this.#insist('POST', `${path}/cancel`);
    }
    if (amends !== undefined && kind === 'document') await this.#amend(path, amends);
  }

  #pathOf(kind: Known['kind'], id: string, threadId: string): string {
    const { workspaceId, agents } = this.#tenant;
    switch (kind) {
      case 'document':
        return `/api/v1/workspaces/${workspaceId}/runs/${id}`;
      case 'process':
        return `/runs/${id}`;
      case 'thread':
        return `/api/projects/${workspaceId}/threads/${threadId}/runs/${id}`;
      case 'agent':
        return `/api/v1/agents/${this.#caller.slot === 1 ? agents.two : agents.one}/runs/${id}`;
    }
  }

  async #amend(path: string, every: number): Promise<void> {
    const MOST_LOOKS = 200;
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const seen = await this.#ask('GET', path);
      if (/"status":"(succeeded|failed|cancelled)"/.test(seen.text)) break;
      await this.#world.simulation.wait(looks < 50 ? every : 20_000);
    }
    const form = formOf('by-hand.csv', `by hand ${tenantWord(this.#tenant.name)}`);
    await this.#insist('POST', `${path}/output`, form, `output-${path}`);
  }

  async #upload(base: string, isAgain: boolean): Promise<void> {
    const { slot, pause } = this.#caller;
    const word = tenantWord(this.#tenant.name);
    const form = await this.#insist('POST', `${base}/documents/uploads`, {
      name: `${word}-upload-${slot}.csv`,
    });
    if (form?.status !== 201) return;
    const { fields, completeUrl } = JSON.parse(form.text);
    await this.#world.files.post(fields, Buffer.from(csvOf(this.#tenant.name)));
    await this.#world.simulation.wait(pause);
    const asked = { runOptions: {}, conflictMode: 'keep_both' };
    const answer = await this.#insist('POST', completeUrl, asked);
    return this.#go('document', idsOf(answer, 'lastRun'), isAgain);
  }

  async #runAgent(agentId: string, name: string, key: string): Promise<void> {
    const { deed, cancels } = this.#caller;
    const stream = deed === 'stream';
    // Callers of this API cancel by going away.
    const hangsUpAfter = stream && cancels.length > 0 ? (cancels[0] ?? 0) % 12 : Number.POSITIVE_INFINITY;
    const body = { agent_id: agentId, variables: { name }, stream };
    const answer = await this.#insist('POST', '/api/v1/run', body, key, { hangsUpAfter });
    const runId = answer?.headers['x-run-id'];
    if (runId !== undefined) await this.#go('agent', [runId], true);
  }

  async #revoke(base: string): Promise<void> {
    const { simulation, history } = this.#world;
    const made = await this.#insist('POST', `${base}/api-keys`, { name: 'spare', role: 'member' });
    if (made?.status !== 201) return;
    const { id, secret } = JSON.parse(made.text);
    const party = `${this.#tenant.name}.spare.${id}`;
    history.parties.set(party, { name: party, tenant: this.#tenant.name });
    const spare = { 'x-api-key': String(secret) };
    await this.#world.ask(this.#lane, party, { method: 'GET', path: base, headers: spare });
    await this.#insist('DELETE', `${base}/api-keys/${id}`);
    await simulation.wait(REVOKED_MS);
    await this.#world.ask(this.#lane, party, { method: 'GET', path: base, headers: spare });
  }

  /** Asks for what is another tenant's, and says the words that others said, under their keys. */
  async #pry(): Promise<void> {
    const { known } = this.#notebook;
    const others = known.filter(({ tenant }) => tenant !== this.#tenant.name);
    for (const { path } of others.slice(0, 6)) await this.#ask('GET', path);
    for (const other of this.#tenants.values()) {
      if (other.name === this.#tenant.name) continue;
      const base = `/api/v1/workspaces/${other.workspaceId}`;
      await this.#ask('GET', `${base}/runs`);
      await this.#ask('GET', `${base}/documents/${other.documents[0]}`);
      await this.#ask('GET', `/api/projects/${other.workspaceId}/threads/${other.threads[0]}`);
      const own = `/api/v1/workspaces/${this.#tenant.workspaceId}`;
      await this.#ask('GET', `${own}/documents/${other.documents[0]}`);
      await this.#ask('POST', `${own}/runs`, { inputDocumentId: other.documents[0] }, 'document-0');
      const variables = { name: `${tenantWord(this.#tenant.name)} says 0` };
      await this.#ask('POST', '/api/v1/run', { agent_id: other.agents.one, variables }, 'answer-0');
    }
  }

  #ask(
    method: string,
    path: string,
    body?: unknown,
    key?: string,
    how: { hangsUpAfter?: number } = {},
  ): Promise<Answer> {
    const { credentials, name } = this.#tenant;
    const isForm = body instanceof Buffer;
    const request: HttpRequest = {
      method,
      path,
      headers: {
        ...credentials[this.#role],
        ...(body === undefined ? {} : isForm ? FORM_HEADERS : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    };
    return this.#world.ask(this.#lane, `${name}.${this.#role}`, request, how);
  }

  /** Asks until there is an answer that will not change. */
  async #insist(
    method: string,
    path: string,
    body?: unknown,
    key?: string,
    how: { hangsUpAfter?: number } = {},
  ): Promise<Answer | undefined> {
    const { simulation } = this.#world;
    const begun = Date.now();
    let { pause } = this.#caller;
    while (Date.now() - begun < PATIENCE_MS) {
      const answer = await this.#ask(method, path, body, key, how);
      if (isFinal(answer, path)) return answer;
      await simulation.wait(pause > 0 ? pause : this.#dice.pick(PAUSES_MS));
      pause = 0;
    }
    this.#world.history.add({ type: 'note', text: `${this.#lane} gives up ${method} ${path}` });
    return undefined;
  }
}

/** What may pass is asked for again: somebody else is active, or something failed. */
function isFinal({ status, headers, text }: Answer, path: string): boolean {
  if ([409, 500, 502].includes(status) && path.endsWith('/chat')) return headers.location !== undefined;
  if (status === 409)
    return path.endsWith('/cancel') || (path === '/api/v1/run' && /answered, and|was cancelled/.test(text));
  // What failed for good is answered so for good, and named.
  if (status === 500 && path === '/api/v1/run') return headers['x-run-id'] !== undefined;
  return status !== 0 && status < 500;
}

/** The ids that an answer tells, as the API spells them. */
function idsOf(answer: Answer | undefined, member: 'id' | 'runId' | 'runs' | 'lastRun'): string[] {
  if (answer === undefined || answer.status > 299) return [];
  const body = JSON.parse(answer.text);
  const told = body[member];
  if (member === 'runs') return told.map(({ id }: { id: string }) => id);
  if (member === 'lastRun') return told == null ? [] : [told.id];
  return [told];
}
