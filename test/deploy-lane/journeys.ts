import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  PublishStateMachineVersionCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { type Answer, type Caller, callerOf, type Deployed, formOf, seen } from './caller.ts';
import type { Checks } from './checks.ts';
import { visitRoutes } from './visit-routes.ts';

export interface Journey extends Deployed {
  stage: string;
  checks: Checks;
  /** Of the examples' stack. */
  machines: { invoiceTotals: string; orderReview: string };
  /** An origin whose pages may call, where the stage has one. */
  origin?: string | undefined;
}

interface Travelling extends Journey, Caller {
  workspace: string;
  workbook: Uint8Array<ArrayBuffer>;
}

const SAMPLE = 'docs/samples/membership-intake.xlsx';

/** What users of all four APIs do, through the gateway. Each part is tried, whatever became of the others. */
export async function travel(journey: Journey, only?: readonly string[]): Promise<void> {
  const workspace = `/api/v1/workspaces/${journey.workspaceId}`;
  const workbook = await sampleWorkbook();
  const travelling = { ...journey, ...callerOf(journey), workspace, workbook };
  for (const [name, part] of Object.entries(PARTS)) {
    if (only !== undefined && !only.includes(name)) continue;
    try {
      await part(travelling);
    } catch (error) {
      journey.checks.check(`the journey '${name}' comes to its end`, false, String(error));
    }
  }
}

export const sampleWorkbook = async (): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(SAMPLE));

export const isOver = (answer: Answer): boolean =>
  !['queued', 'running'].includes(String(answer.at('status')));

async function gateway({ call, checks, workspace, origin }: Travelling): Promise<void> {
  const list = await call('GET', `${workspace}/runs`);
  checks.check('runs are listed', list.status === 200, seen(list));
  const stranger = await call('GET', `${workspace}/runs`, { key: 'nobody' });
  checks.check('a wrong key is 401', stranger.status === 401, seen(stranger));
  const nowhere = await call('GET', '/nowhere/at/all');
  checks.check(
    'a path that is none is 404 in our words',
    nowhere.status === 404 && !nowhere.text.includes('"Not Found"}'),
    seen(nowhere),
  );
  const method = await call('PATCH', `${workspace}/documents`);
  checks.check(
    'a method that is none is 405 with Allow',
    method.status === 405 && method.headers.has('allow'),
    seen(method),
  );
  const description = await call('GET', '/openapi.json');
  checks.check('the description is served', typeof description.at('openapi') === 'string', seen(description));
  const page = await call('GET', '/docs');
  checks.check('the reference is served', page.status === 200 && page.text.includes('<html'), seen(page));
  if (origin === undefined) return;
  const read = await call('GET', `${workspace}/runs`, { headers: { origin } });
  checks.check(
    'a page of an allowed origin may read',
    read.headers.get('access-control-allow-origin') === origin,
    seen(read),
  );
  const asked = { origin, 'access-control-request-method': 'POST' };
  const preflight = await call('OPTIONS', `${workspace}/runs`, { headers: asked, key: null });
  checks.check(
    'its question before it is answered',
    preflight.status === 204 && preflight.headers.get('access-control-allow-origin') === origin,
    seen(preflight),
  );
}

async function documents({ call, until, checks, workspace, workbook }: Travelling): Promise<void> {
  const upload = (name: string): Promise<Answer> =>
    call('POST', `${workspace}/documents`, {
      form: formOf({ conflictMode: 'keep_both' }, { name, content: workbook }),
    });
  const document = await upload('membership-intake.xlsx');
  if (!checks.check('a document is uploaded through the gateway', document.status === 201, seen(document)))
    return;
  const create = (): Promise<Answer> =>
    call('POST', `${workspace}/runs`, {
      json: { inputDocumentId: document.at('id'), options: { operation: 'process' } },
      headers: { 'idempotency-key': String(document.at('id')) },
    });
  const run = await create();
  if (!checks.check('a run is made', run.status === 201, seen(run))) return;
  const again = await create();
  checks.check('the same Idempotency-Key is the same run', again.at('id') === run.at('id'), seen(again));
  const at = `${workspace}/runs/${String(run.at('id'))}`;
  const ended = await until(() => call('GET', at), isOver);
  checks.check('it succeeds', ended.at('status') === 'succeeded', seen(ended));
  const output = await call('GET', `${at}/output/download`);
  checks.check(
    'its output is a workbook',
    output.status === 200 && output.bytes.subarray(0, 2).toString() === 'PK',
    [output.status, output.bytes.length],
  );
  const preview = await call('GET', `${at}/output/preview`);
  checks.check('and has a preview', preview.status === 200, seen(preview));
  const stream = await call('GET', `${at}/events/stream`);
  checks.check(
    'its events are streamed',
    stream.headers.get('content-type')?.startsWith('text/event-stream') === true &&
      stream.text.includes('event:'),
    seen(stream),
  );
  const ids = [...stream.text.matchAll(/^id: ?(\d+)/gm)].map(([, id = '']) => id);
  const last = ids.at(-1) ?? '';
  const resumed = await call('GET', `${at}/events/stream`, { headers: { 'last-event-id': last } });
  checks.check(
    'and go on after one',
    resumed.status === 200 && resumed.bytes.length < stream.bytes.length,
    seen(resumed),
  );
  const filters = encodeURIComponent(JSON.stringify([{ id: 'status', operator: 'eq', value: 'succeeded' }]));
  const found = await call('GET', `${workspace}/runs?filters=${filters}`);
  checks.check('it is found by its outcome', found.text.includes(String(run.at('id'))), seen(found));

  const other = await upload('members.xlsx');
  const stopped = await call('POST', `${workspace}/runs`, {
    json: { inputDocumentId: other.at('id'), options: { operation: 'process' } },
  });
  const cancel = await call('POST', `${workspace}/runs/${String(stopped.at('id'))}/cancel`);
  const over = await until(() => call('GET', `${workspace}/runs/${String(stopped.at('id'))}`), isOver);
  checks.check(
    'a run that is cancelled ends, cancelled or having been quicker',
    ['cancelled', 'succeeded'].includes(String(over.at('status'))) && cancel.status < 500,
    [seen(cancel), seen(over)],
  );

  const ticket = await call('POST', `${workspace}/documents/uploads`, {
    json: { name: `large-${String(run.at('id'))}.xlsx` },
  });
  if (!checks.check('a form for S3 is given', ticket.status === 201, seen(ticket))) return;
  const url = String(ticket.at('url') ?? ticket.at('form.url'));
  const fields = (ticket.at('fields') ?? ticket.at('form.fields')) as Record<string, string>;
  const posted = await call('POST', url, {
    form: formOf(fields, { name: 'large.xlsx', content: workbook }),
    key: null,
  });
  checks.check('S3 takes it', posted.status < 300, seen(posted));
  const completed = await call(
    'POST',
    `${workspace}/documents/uploads/${String(ticket.at('id') ?? ticket.at('uploadId'))}/complete`,
    { json: {} },
  );
  checks.check('the upload is completed', completed.status < 300, seen(completed));
}

async function agents({ call, checks }: Travelling): Promise<void> {
  const said = async (says: string, answer: Promise<Answer>): Promise<void> => {
    const got = await answer;
    checks.check(says, got.status < 300, seen(got));
  };
  await said('a provider is set', call('PUT', '/api/v1/providers/my-models', { json: { type: 'echo' } }));
  const id = nameOf('support');
  await said('an agent is made', call('POST', '/api/v1/agents', { json: { id, name: 'Support' } }));
  const version = {
    model: { provider_id: 'my-models', name: 'echo' },
    messages: [{ role: 'user', content: 'About {{product}}: {{question}}' }],
  };
  await said('a version is made', call('POST', `/api/v1/agents/${id}/versions`, { json: version }));
  await said('it is deployed', call('PUT', `/api/v1/agents/${id}/deployment`, { json: { version: 1 } }));
  const asked = { agent_id: id, variables: { product: 'kettles', question: 'Which one is quiet?' } };
  const whole = await call('POST', '/api/v1/run', { json: asked });
  checks.check('it answers as JSON', whole.status === 200 && whole.text.includes('kettles'), seen(whole));
  const stream = await call('POST', '/api/v1/run', { json: { ...asked, stream: true } });
  checks.check(
    'and as a stream',
    stream.headers.get('content-type')?.startsWith('text/event-stream') === true &&
      stream.text.includes('"finish"'),
    seen(stream),
  );
  await said('its runs are listed', call('GET', `/api/v1/agents/${id}/runs`));
}

async function threads({ call, until, checks, workspaceId }: Travelling): Promise<void> {
  const project = `/api/projects/${workspaceId}`;
  const thread = await call('POST', `${project}/threads`, { json: {} });
  const id = String(thread.at('threadId') ?? thread.at('id') ?? thread.at('thread.threadId'));
  if (!checks.check('a thread is made', thread.status < 300 && id !== 'undefined', seen(thread))) return;
  const run = await call('POST', `${project}/threads/${id}/runs`, { json: { message: 'What is a run?' } });
  const runId = String(run.at('runId') ?? run.at('id') ?? run.at('run.id'));
  if (!checks.check('a thread run is made', run.status < 300 && runId !== 'undefined', seen(run))) return;
  const statusOf = (answer: Answer): unknown => answer.at('status') ?? answer.at('run.status');
  const ended = await until(
    () => call('GET', `${project}/threads/${id}/runs/${runId}`),
    (answer) => !['queued', 'in_progress'].includes(String(statusOf(answer))),
  );
  checks.check('it is completed', statusOf(ended) === 'completed', seen(ended));
  const chat = await call('POST', `${project}/chat`, { json: { message: 'Hello', threadId: id } });
  checks.check('a chat is answered', chat.status < 300, seen(chat));
}

/** Another one each time: a stage is travelled through more than once. At most 26 characters for an agent. */
const nameOf = (what: string): string => `${what}-${randomUUID().slice(0, 8)}`;

const UNTAGGED = 'Untagged';

/** Waits for longer than any of this takes. */
const WAITING = JSON.stringify({
  StartAt: 'Wait',
  States: { Wait: { Type: 'Wait', Seconds: 600, End: true } },
});

async function processes(travelling: Travelling): Promise<void> {
  const { call, until, checks, machines } = travelling;
  const register = async (name: string, machine: string): Promise<Answer> => {
    const json = { agent_id: 'accounting', name, stage: 'Published', state_machine_arn: machine };
    const answer = await call('POST', '/processes', { json });
    if (name !== UNTAGGED) checks.check(`${name} is registered`, answer.status < 300, seen(answer));
    return answer;
  };
  const start = (process: Answer, name: string, more: object): Promise<Answer> =>
    call('POST', '/runs', {
      json: { agent_id: 'accounting', process_id: process.at('id'), name, stage: 'Published', ...more },
    });
  const endsAs = async (says: string, process: Answer, more: object, status: string): Promise<void> => {
    const run = await start(process, says, more);
    if (!checks.check(`${says} is started`, run.status < 300, seen(run))) return;
    const ended = await until(
      () => call('GET', `/runs/${String(run.at('id'))}`),
      (answer) => !['Created', 'Pending', 'Running'].includes(String(answer.at('status'))),
    );
    checks.check(`${says} ends as ${status}`, ended.at('status') === status, seen(ended));
  };

  const ticket = await call('POST', '/files', { json: { file_name: 'invoice.csv' } });
  if (checks.check('a form for a file is given', ticket.status < 300, seen(ticket))) {
    const content = new TextEncoder().encode('Item,Qty,Unit Price,Customer ID\nWidgets,40,2.5,C-9\n');
    const fields = ticket.at('upload_fields') as Record<string, string>;
    const form = formOf(fields, { name: 'invoice.csv', content: new Uint8Array(content) });
    const posted = await call('POST', String(ticket.at('upload_url')), { form, key: null });
    checks.check('S3 takes the file', posted.status === 204, seen(posted));
    const invoices = await register('Invoice totals', machines.invoiceTotals);
    await endsAs('Invoice totals', invoices, { file_ids: [ticket.at('id')] }, 'Succeeded');
  }
  const review = await register('Order review', machines.orderReview);
  const lines = [{ sku: 'kettle', quantity: 2, unit_price: 19.5 }];
  const order = { order_id: 'b4fznghynbdemslfd5k044fgd', lines };
  await endsAs(
    'Order review',
    review,
    { inputs: [{ name: 'order_id', value: order.order_id }] },
    'Succeeded',
  );
  await endsAs('Order review without an order', review, { inputs: {} }, 'Failed');

  const states = new SFNClient({});
  try {
    const { stateMachineVersionArn = '' } = await states.send(
      new PublishStateMachineVersionCommand({ stateMachineArn: machines.orderReview }),
    );
    const { stateMachineAliasArn = '' } = await states.send(
      new CreateStateMachineAliasCommand({
        name: nameOf('live'),
        routingConfiguration: [{ stateMachineVersionArn, weight: 100 }],
      }),
    );
    await endsAs(
      'Order review by its alias',
      await register('Order review by alias', stateMachineAliasArn),
      { inputs: order },
      'Succeeded',
    );

    const { roleArn = '' } = await states.send(
      new DescribeStateMachineCommand({ stateMachineArn: machines.orderReview }),
    );
    const waiting = async (name: string, tags: { key: string; value: string }[]): Promise<string> => {
      const made = await states.send(
        new CreateStateMachineCommand({ name: nameOf(name), definition: WAITING, roleArn, tags }),
      );
      return String(made.stateMachineArn);
    };
    const untagged = await register(UNTAGGED, await waiting('untagged', []));
    const refused = untagged.status < 300 ? await start(untagged, 'Untagged', { inputs: {} }) : untagged;
    const after =
      refused.status < 300
        ? await until(
            () => call('GET', `/runs/${String(refused.at('id'))}`),
            (answer) => answer.at('status') === 'Failed',
            15,
          )
        : refused;
    checks.check(
      'a machine without the tag is refused',
      refused.status >= 400 || after.at('status') === 'Failed',
      seen(after),
    );
    const tagged = await waiting('tagged', [{ key: 'runplane:process', value: 'true' }]);
    const run = await start(await register('Tagged', tagged), 'Tagged', { inputs: {} });
    if (!checks.check('one with the tag is started', run.status < 300, seen(run))) return;
    const cancelled = await call('POST', `/runs/${String(run.at('id'))}/cancel`);
    const now = await call('GET', `/runs/${String(run.at('id'))}`);
    checks.check('and cancelled', cancelled.status < 300 && now.at('status') === 'Cancelled', [
      seen(cancelled),
      seen(now),
    ]);
    const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn: tagged }));
    checks.check(
      'which stops its execution',
      executions.map(({ status }) => status).join() === 'ABORTED',
      executions,
    );
  } finally {
    states.destroy();
  }
}

const PARTS: Record<string, (travelling: Travelling) => Promise<void>> = {
  gateway,
  documents,
  agents,
  threads,
  processes,
  routes: visitRoutes,
};
