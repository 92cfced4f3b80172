import { describe, expect, it } from 'vitest';
import { dialect as agentRun } from '../../lib/apis/agent-run/dialect.ts';
import type { Dialect } from '../../lib/apis/operation/operation.ts';
import type { Refusal } from '../../lib/apis/operation/refusal.ts';
import { dialect as processRuns } from '../../lib/apis/process-runs/dialect.ts';
import { dialectOf } from '../../lib/apis/thread-runs/dialect.ts';
import { dialect as workspaceRuns } from '../../lib/apis/workspace-runs/dialect.ts';
import { networkError, refusalOf } from '../../lib/client/errors.ts';

const threadRuns = dialectOf('An error occurred while creating the thread run');

/** What a client makes of a refusal, through the very words of the API. */
function told(dialect: Dialect, refusal: Refusal) {
  const { status, headers, body } = dialect.refuse(refusal, { path: '/x', requestId: 'req_1' });
  const response = new Response(null, { status, headers: { ...headers, 'x-request-id': 'req_1' } });
  return refusalOf(response, JSON.stringify(body), 0);
}

const invalid: Refusal = {
  category: 'invalid',
  issues: [{ path: 'options.operation', message: 'Input should be a word', code: 'enum' }],
};

describe('a refusal', () => {
  it('of workspace runs is read from its problem details', () => {
    expect(told(workspaceRuns, invalid)).toMatchObject({
      status: 422,
      code: 'validation_error',
      title: 'Validation error',
      message: 'Invalid request (options.operation: Input should be a word)',
      requestId: 'req_1',
      issues: [{ path: 'options.operation', message: 'Input should be a word', code: 'enum' }],
    });
  });

  it('of workspace runs has the code that the whole of it has', () => {
    const message = 'Run output is not available until the run completes.';

    expect(
      told(workspaceRuns, { category: 'conflict', message, issues: [{ message, code: 'OUTPUT_NOT_READY' }] }),
    ).toMatchObject({ status: 409, code: 'OUTPUT_NOT_READY', message });
  });

  it('of process runs is read from its message and details', () => {
    expect(told(processRuns, invalid)).toMatchObject({
      status: 400,
      code: 'bad_request',
      message: 'Invalid input values (options.operation: Input should be a word)',
      issues: [{ path: 'options.operation', message: 'Input should be a word' }],
    });
  });

  it('of thread runs is read from the errors of .NET, or from its message', () => {
    const empty: Refusal = {
      category: 'invalid',
      issues: [{ path: 'message', message: 'The Message field is required.' }],
    };

    expect(told(threadRuns, empty)).toMatchObject({
      status: 400,
      title: 'One or more validation errors occurred.',
      message: 'One or more validation errors occurred. (Message: The Message field is required.)',
      issues: [{ path: 'Message', message: 'The Message field is required.' }],
    });
    expect(told(threadRuns, { category: 'not_found', message: 'Run not found' })).toMatchObject({
      status: 404,
      code: 'not_found',
      message: 'Run not found',
      issues: [],
    });
  });

  it('of an agent run is read from its message', () => {
    expect(told(agentRun, { category: 'unauthenticated', isAnonymous: true })).toMatchObject({
      status: 401,
      code: 'unauthorized',
      message: 'API key is required',
    });
  });

  it('tells how long to wait', () => {
    for (const dialect of [workspaceRuns, processRuns, threadRuns, agentRun]) {
      expect(told(dialect, { category: 'rate_limited', retryAfterSeconds: 3 })).toMatchObject({
        status: 429,
        code: 'rate_limited',
        retryAfterSeconds: 3,
      });
    }
  });

  it('of S3 is read from its XML', () => {
    const xml =
      '<?xml version="1.0"?>\n<Error><Code>EntityTooLarge</Code><Message>Too much</Message></Error>';

    expect(refusalOf(new Response(null, { status: 400 }), xml, 0)).toMatchObject({
      code: 'EntityTooLarge',
      message: 'Too much',
    });
  });

  it('that nobody knows the form of says what can be said', () => {
    const page = refusalOf(new Response(null, { status: 502, statusText: 'Bad Gateway' }), '<html>', 0);

    expect(page).toMatchObject({
      name: 'RunplaneError',
      code: 'bad_gateway',
      message: 'The platform answered 502 Bad Gateway',
      body: '<html>',
      issues: [],
    });
    expect(refusalOf(new Response(null, { status: 418 }), '[]', 0).code).toBe('http_418');
  });

  it('names the run that was recorded all the same', () => {
    const response = new Response(null, { status: 500, headers: { 'x-run-id': 'r1' } });

    expect(refusalOf(response, '{"message":"Error processing agent run"}', 0).runId).toBe('r1');
  });
});

describe('a failure of the network', () => {
  const failed = (code: string) =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(`connect ${code}`), { code }) });

  it('says what the cause says, and whether the request may have arrived', () => {
    const [refused, reset] = [failed('ECONNREFUSED'), failed('ECONNRESET')];

    expect(networkError('getRun', refused)).toMatchObject({
      status: undefined,
      code: 'network',
      message: 'getRun got no whole answer (connect ECONNREFUSED): check the address and the network',
      mayHaveArrived: false,
      cause: refused,
    });
    expect(networkError('getRun', reset)).toMatchObject({ mayHaveArrived: true, cause: reset });
  });

  it('looks into the several addresses of a name', () => {
    const each = Object.assign(new Error('connect ECONNREFUSED ::1'), { code: 'ECONNREFUSED' });
    const cause = new TypeError('fetch failed', { cause: new AggregateError([each]) });

    expect(networkError('getRun', cause)).toMatchObject({ mayHaveArrived: false });
  });

  it('does not repeat the secret', () => {
    const error = networkError('getRun', new Error('header x-api-key: s3cret is odd'), 's3cret');

    expect(error.message).toBe(
      'getRun got no whole answer (header x-api-key: … is odd): it may have been carried out all the same, so look before you repeat it',
    );
  });
});
