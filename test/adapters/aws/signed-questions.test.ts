import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { complaintOf } from '../../../bin/commands/account-fault.ts';
import { signedQuestions } from '../../../lib/adapters/aws/signed-questions.ts';

const IDENTITY =
  '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ops</Arn><UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';
const SUMMARY =
  '<GetAccountSummaryResult><SummaryMap><entry><key>RolesQuota</key><value>1000</value></entry>\n<entry><key>Roles</key>\n<value>12</value></entry></SummaryMap></GetAccountSummaryResult>';

/** What was sent, and what is answered to it, one after the other. */
let sent: Request[];
let answers: Response[];
beforeEach(() => {
  sent = [];
  vi.stubEnv('AWS_ENDPOINT_URL', undefined);
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(request);
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError('fetch failed', { cause: offline });
    return answer;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});
const offline = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

const inRegion = (region: string) =>
  signedQuestions({
    region: async () => region,
    credentials: async () => ({ accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'token' }),
  });
const questions = inRegion('eu-west-1');

describe('signed questions', () => {
  it('ask STS who asks', async () => {
    answers = [new Response(IDENTITY)];

    expect(await questions.caller()).toEqual({
      account: '123456789012',
      arn: 'arn:aws:iam::123456789012:user/ops',
    });
    const [request] = sent;
    expect([request?.method, request?.url]).toEqual(['POST', 'https://sts.eu-west-1.amazonaws.com/']);
    expect(await request?.text()).toBe('Action=GetCallerIdentity&Version=2011-06-15');
    expect(request?.headers.get('authorization')).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIA\/\d{8}\/eu-west-1\/sts\/aws4_request, /,
    );
    expect(request?.headers.get('x-amz-security-token')).toBe('token');
    // Asked so, STS would answer with JSON.
    expect(request?.headers.get('accept')).toBeNull();
  });

  it.each([
    ['eu-west-1', 'https://iam.amazonaws.com/', 'us-east-1'],
    ['cn-northwest-1', 'https://iam.cn-north-1.amazonaws.com.cn/', 'cn-north-1'],
    ['us-gov-east-1', 'https://iam.us-gov.amazonaws.com/', 'us-gov-west-1'],
  ])('ask IAM of %s for the roles of the account', async (region, url, signed) => {
    answers = [new Response(SUMMARY)];

    expect(await inRegion(region).roles()).toEqual({ used: 12, limit: 1000 });
    expect(sent[0]?.url).toBe(url);
    expect(sent[0]?.headers.get('authorization')).toContain(`/${signed}/iam/aws4_request`);
  });

  it('count the REST APIs, page by page', async () => {
    answers = [
      Response.json({ item: [{ id: 'a' }, { id: 'b' }], position: 'x/y=' }),
      Response.json({ item: [{ id: 'c' }] }),
      Response.json({}),
    ];

    expect([await questions.restApis(), await questions.restApis()]).toEqual([3, 0]);
    expect(sent.map(({ url }) => url)).toEqual([
      'https://apigateway.eu-west-1.amazonaws.com/restapis?limit=500',
      'https://apigateway.eu-west-1.amazonaws.com/restapis?limit=500&position=x%2Fy%3D',
      'https://apigateway.eu-west-1.amazonaws.com/restapis?limit=500',
    ]);
    expect(sent[0]?.headers.get('accept')).toBe('application/json');
  });

  it('go where the environment says', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566/');
    vi.stubEnv('AWS_ENDPOINT_URL_STS', 'http://127.0.0.1:4567');
    answers = [new Response(IDENTITY), new Response(SUMMARY)];

    await questions.caller();
    await questions.roles();

    expect(sent.map(({ url }) => url)).toEqual(['http://127.0.0.1:4567/', 'http://127.0.0.1:4566/']);
  });
});

describe('what AWS says in place of an answer', () => {
  const saidOf = async (asked: Promise<unknown>): Promise<string> => {
    const error = await asked.then(
      () => new Error('It was answered'),
      (fault: unknown) => fault,
    );
    return String(complaintOf(error, { to: 'look' })).replace(/^Complaint: /, '');
  };
  const xml = (code: string) =>
    new Response(
      `<ErrorResponse><Error><Code>${code}</Code><Message>It said so</Message></Error></ErrorResponse>`,
      {
        status: 403,
      },
    );

  it.each([
    ['ExpiredToken', 'Your AWS credentials have expired'],
    ['InvalidClientTokenId', 'AWS does not take your credentials'],
    ['AccessDenied', 'Your AWS credentials may not look'],
    ['OddFault', 'AWS did not let us look: OddFault: It said so'],
  ])('in XML: %s', async (code, said) => {
    answers = [xml(code)];

    expect(await saidOf(questions.caller())).toContain(said);
  });

  it('in JSON, with its name in a header', async () => {
    answers = [
      Response.json(
        { message: 'Not you' },
        { status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException:http://x' } },
      ),
    ];

    expect(await saidOf(questions.restApis())).toContain('Your AWS credentials may not look');
  });

  it('makes no sense', async () => {
    answers = [new Response('<html></html>'), new Response('nothing', { status: 404 })];

    expect(await saidOf(questions.roles())).toBe(
      'AWS did not let us look: Unknown: its answer does not say Roles',
    );
    expect(await saidOf(questions.caller())).toBe('AWS did not let us look: Unknown: it answered 404');
  });

  it('is nothing at all', async () => {
    answers = [];

    expect(await saidOf(questions.caller())).toContain('AWS does not answer (connect ECONNREFUSED)');
  });
});
