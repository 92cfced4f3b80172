import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  DescribeStateMachineCommand,
  GetActivityTaskCommand,
  ListExecutionsCommand,
  SendTaskSuccessCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { type Answer, type Caller, callerOf, formOf, seen } from './caller.ts';
import { isOver, type Journey, sampleWorkbook } from './journeys.ts';

interface Crossing extends Journey, Caller {
  workspace: string;
  states: SFNClient;
}
/** Looks at how a run ended that was open during the update. */
type Arrival = () => Promise<void>;

/** Longer than an update takes, on a slow machine too. */
const PATIENCE_SECONDS = 240;
/** In bytes: several such documents at once keep two cores busy through an update. */
const LARGE = 4_000_000;
const LARGE_RUNS = 6;
/** One word a second, and longer than an update takes where machines are quick. */
const SPOKEN = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen';
const WAIT_SECONDS = 20;

/**
 * Opens runs of every kind, has the stage updated while they are open, and looks at how each of them ended.
 * @param update whatever it does happens while the runs are open.
 */
export async function crossUpdate(journey: Journey, update: () => Promise<unknown>): Promise<void> {
  const states = new SFNClient({});
  const workspace = `/api/v1/workspaces/${journey.workspaceId}`;
  const crossing = { ...journey, ...callerOf(journey), workspace, states };
  try {
    const arrivals: Arrival[] = [];
    for (const depart of [waitingProcesses, queuedAndWorkedOn, conversation, agentRuns])
      arrivals.push(...(await depart(crossing)));
    await update();
    for (const arrive of arrivals) await arrive();
  } catch (error) {
    journey.checks.check('runs that are open go through an update', false, String(error));
  } finally {
    states.destroy();
  }
}

/** One waits at a task token, of an activity that a worker of ours has not taken yet, and one for some seconds. */
async function waitingProcesses(crossing: Crossing): Promise<Arrival[]> {
  const { call, until, checks, machines, states } = crossing;
  const made = await states.send(new CreateActivityCommand({ name: `approval-${randomUUID()}` }));
  const { roleArn = '' } = await states.send(
    new DescribeStateMachineCommand({ stateMachineArn: machines.orderReview }),
  );
  const begin = async (name: string, state: object) => {
    const definition = JSON.stringify({ StartAt: 'Wait', States: { Wait: { ...state, End: true } } });
    const { stateMachineArn = '' } = await states.send(
      new CreateStateMachineCommand({
        ...{ name: `waiting-${randomUUID()}`, definition, roleArn },
        tags: [{ key: 'runplane:process', value: 'true' }],
      }),
    );
    const about = { agent_id: 'accounting', name, stage: 'Published' };
    const process = await call('POST', '/processes', {
      json: { ...about, state_machine_arn: stateMachineArn },
    });
    const json = { ...about, process_id: process.at('id'), inputs: { crossing: true } };
    const run = await call('POST', '/runs', { json });
    if (run.status !== 201) throw new Error(`${name} is not started: ${seen(process)} ${seen(run)}`);
    const at = `/runs/${String(run.at('id'))}`;
    const isOpen = (answer: Answer): boolean => OPEN_PROCESS.includes(String(answer.at('status')));
    const waiting = await until(
      () => call('GET', at),
      (answer) => answer.at('status') === 'Running',
    );
    checks.check(`${name}: it is open`, isOpen(waiting), seen(waiting));
    return async (outputs: unknown): Promise<void> => {
      const ended = await until(
        () => call('GET', at),
        (answer) => !isOpen(answer),
        PATIENCE_SECONDS,
      );
      const isSame = ended.at('id') === run.at('id') && isDeepStrictEqual(ended.at('outputs'), outputs);
      checks.check(
        `${name}: it succeeds, with its outputs`,
        ended.at('status') === 'Succeeded' && isSame,
        seen(ended),
      );
      checks.check(...closedOnce(name, await call('GET', `${at}/events`)));
      const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
      checks.check(`${name}: it had one execution`, executions.length === 1, executions);
    };
  };
  const approval = await begin('A process at a task token', { Type: 'Task', Resource: made.activityArn });
  const pause = { Type: 'Wait', Seconds: WAIT_SECONDS, OutputPath: '$.inputs' };
  const waited = await begin('A process that waits', pause);
  return [
    async () => {
      const { taskToken } = await states.send(new GetActivityTaskCommand({ activityArn: made.activityArn }));
      await states.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ approved: 42 }) }));
      await approval([{ name: 'approved', value: 42 }]);
    },
    () => waited([{ name: 'crossing', value: true }]),
  ];
}

const OPEN_PROCESS = ['Created', 'Pending', 'Running'];

/** Some are worked on, and as many as may be wait for a worker; one more waits since no worker may be had. */
async function queuedAndWorkedOn({ call, until, checks, workspace, stage }: Crossing): Promise<Arrival[]> {
  const upload = (name: string, content: Uint8Array<ArrayBuffer>): Promise<Answer> =>
    call('POST', `${workspace}/documents`, {
      form: formOf({ conflictMode: 'keep_both' }, { name, content }),
    });
  const run = (document: Answer): Promise<Answer> =>
    call('POST', `${workspace}/runs`, {
      json: { inputDocumentId: document.at('id'), options: { operation: 'process' } },
    });
  const look = (begun: Answer): Promise<Answer> => call('GET', `${workspace}/runs/${String(begun.at('id'))}`);
  const previewOf = (begun: Answer): Promise<Answer> =>
    call('GET', `${workspace}/runs/${String(begun.at('id'))}/output/preview`);

  const small = await upload('members.xlsx', await sampleWorkbook());
  const before = await run(small);
  await until(() => look(before), isOver);
  const wanted = await previewOf(before);

  const table = new Uint8Array(new TextEncoder().encode(largeTable()));
  const worked = await Promise.all(
    Array.from({ length: LARGE_RUNS }, async () => run(await upload('numbers.csv', table))),
  );
  const atWork = await Promise.all(
    worked.map((begun) =>
      until(
        () => look(begun),
        (answer) => answer.at('status') !== 'queued',
      ),
    ),
  );
  const isAtWork = atWork.some((answer) => answer.at('status') === 'running');
  checks.check('documents are worked on', isAtWork, atWork.map(seen));

  const worker = await workerOf(stage);
  await worker.refuse();
  const queued = await run(small);
  const path = `${workspace}/runs/${String(queued.at('id'))}/events/stream`;
  // The emulator hands it over when it has ended. One that fails before that is told where it is awaited.
  const events = call('GET', path, { patienceMs: PATIENCE_SECONDS * 2000 });
  events.catch(() => undefined);
  const waiting = await look(queued);
  checks.check(
    'a document that nobody may work on is queued',
    waiting.at('status') === 'queued',
    seen(waiting),
  );

  const arrive = async (says: string, begun: Answer): Promise<Answer> => {
    const over = await until(() => look(begun), isOver, PATIENCE_SECONDS);
    checks.check(`${says} succeeds`, over.at('status') === 'succeeded', seen(over));
    const lines = await call('GET', `${workspace}/runs/${String(begun.at('id'))}/events/download`);
    checks.check(...closedOnce(says, lines));
    return previewOf(begun);
  };
  return [
    async () => {
      await worker.allow();
      const preview = await arrive('A queued document', queued);
      checks.check(
        'and has the output it would have had before',
        preview.text === wanted.text,
        seen(preview),
      );
      const stream = await events;
      const ends = stream.text.match(/^event: ?end$/gm) ?? [];
      checks.check(
        'its events, followed since before, have one end',
        ends.length === 1,
        stream.text.slice(-400),
      );
    },
    async () => {
      const previews = await Promise.all(
        worked.map((begun, no) => arrive(`Document ${no + 1} that was begun`, begun)),
      );
      const texts = new Set(previews.map((preview) => JSON.stringify(preview.at('rows'))));
      checks.check('and all of them have the same output', texts.size === 1, texts.size);
    },
  ];
}

function largeTable(): string {
  const rows = ['Name,Amount'];
  for (let bytes = 0, no = 0; bytes < LARGE; no += 1) {
    const row = `${no % 97},${no % 89}`;
    rows.push(row);
    bytes += row.length + 1;
  }
  return rows.join('\n');
}

/** Lambda gives the worker of documents no place, as in an account whose functions are all at work. */
async function workerOf(stage: string): Promise<{ refuse(): Promise<void>; allow(): Promise<void> }> {
  const stacks = new CloudFormationClient({});
  const { StackResourceSummaries = [] } = await stacks.send(
    new ListStackResourcesCommand({ StackName: `runplane-${stage}-runs` }),
  );
  stacks.destroy();
  const found = StackResourceSummaries.find(
    ({ ResourceType, LogicalResourceId = '' }) =>
      ResourceType === 'AWS::Lambda::Function' && LogicalResourceId.startsWith('ProcessDocument'),
  );
  const FunctionName = found?.PhysicalResourceId;
  const functions = new LambdaClient({});
  return {
    async refuse() {
      await functions.send(
        new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
      );
    },
    async allow() {
      await functions.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
      functions.destroy();
    },
  };
}

/** A run of a thread whose agent is slow is in progress. */
async function conversation({ call, until, checks, workspaceId }: Crossing): Promise<Arrival[]> {
  await slowAgent(call);
  const project = `/api/projects/${workspaceId}`;
  const thread = await call('POST', `${project}/threads`, { json: { agentId: 'slow' } });
  const at = `${project}/threads/${String(thread.at('threadId'))}`;
  const run = await call('POST', `${at}/runs`, { json: { message: SPOKEN } });
  const look = (): Promise<Answer> => call('GET', `${at}/runs/${String(run.at('runId') ?? run.at('id'))}`);
  const begun = await until(look, (answer) => answer.at('status') !== 'queued');
  checks.check('a thread is being answered', begun.at('status') === 'in_progress', seen(begun));
  return [
    async () => {
      const ended = await until(look, (answer) => answer.at('status') !== 'in_progress', PATIENCE_SECONDS);
      checks.check('The thread is answered', ended.at('status') === 'completed', seen(ended));
      const whole = await call('GET', at);
      const messages = (whole.at('messages') ?? []) as { role: string; content: string }[];
      const answers = messages.filter(({ role }) => role === 'assistant').map(({ content }) => content);
      checks.check('once, and word for word', answers.length === 1 && answers[0] === SPOKEN, messages);
    },
  ];
}

async function slowAgent(call: Caller['call']): Promise<void> {
  await call('PUT', '/api/v1/providers/slow', { json: { type: 'echo', msPerWord: 1000 } });
  await call('POST', '/api/v1/agents', { json: { id: 'slow', name: 'Slow' } });
  const model = { provider_id: 'slow', name: 'echo' };
  const messages = [{ role: 'user', content: '{{text}}' }];
  await call('POST', '/api/v1/agents/slow/versions', { json: { model, messages } });
  await call('PUT', '/api/v1/agents/slow/deployment', { json: { version: 1 } });
}

/** Two callers wait for an agent, one for the whole answer and one for its stream. */
async function agentRuns({ call, until, checks }: Crossing): Promise<Arrival[]> {
  const runs = (): Promise<Answer> => call('GET', '/api/v1/agents/slow/runs');
  // The newest come first.
  const statuses = (answer: Answer): string[] =>
    (answer.at('items') as { status: string }[]).slice(0, 2).map(({ status }) => status);
  const json = { agent_id: 'slow', variables: { text: SPOKEN } };
  const whole = call('POST', '/api/v1/run', { json });
  const stream = call('POST', '/api/v1/run', { json: { ...json, stream: true } });
  const begun = await until(
    runs,
    (answer) => statuses(answer).filter((status) => status === 'running').length === 2,
  );
  checks.check('two callers wait for an agent', statuses(begun).join() === 'running,running', seen(begun));
  return [
    async () => {
      const answer = await whole;
      checks.check('The agent answers as JSON', answer.at('text') === SPOKEN, seen(answer));
      const streamed = await stream;
      const finishes = streamed.text.match(/"finish"/g) ?? [];
      checks.check('and as a stream, to its end', finishes.length === 1, streamed.text.slice(-400));
      const after = await runs();
      checks.check('both runs have succeeded', statuses(after).join() === 'succeeded,succeeded', seen(after));
    },
  ];
}

/** A closing event is one line, and the last. */
function closedOnce(says: string, { text }: Answer): [string, boolean, unknown] {
  const events = text
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { event: string }).event);
  const closing = events.filter((event) => event === 'run.complete');
  const isOnce = closing.length === 1 && events.at(-1) === 'run.complete';
  return [`${says}: one event closes it`, isOnce, events];
}
