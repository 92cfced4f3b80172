import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface FakeAws {
  endpoint: string;
  close(): Promise<void>;
}

/** The outputs of a stack by its name. */
export type FakeStacks = Record<string, Record<string, string>>;

const ARN = 'arn:aws:cloudformation:eu-west-1:123456789012:stack';

/**
 * CloudFormation, Lambda, Service Quotas, and what is asked of STS, IAM and API Gateway on the wire, in an
 * account with these stacks where everything may be had a thousand times.
 */
export async function startFakeAws(stacks: FakeStacks): Promise<FakeAws> {
  const server = createServer((request, response) => {
    answer(request, stacks).then(({ status = 200, type, body }) => {
      response.writeHead(status, { 'content-type': type, connection: 'close' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const ANSWERS: Record<string, string> = {
  GetCallerIdentity:
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ops</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
  GetAccountSummary:
    '<GetAccountSummaryResponse><GetAccountSummaryResult><SummaryMap><entry><key>Roles</key><value>100</value></entry><entry><key>RolesQuota</key><value>1000</value></entry></SummaryMap></GetAccountSummaryResult></GetAccountSummaryResponse>',
};

interface Reply {
  status?: number;
  type: string;
  body: string;
}

async function answer(request: IncomingMessage, stacks: FakeStacks): Promise<Reply> {
  const body = await text(request);
  const target = request.headers['x-amz-target'];
  if (request.url?.endsWith('/account-settings'))
    return json({ AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 } });
  if (target === 'ServiceQuotasV20190624.GetServiceQuota') return json({ Quota: { Value: 1000 } });
  if (request.url?.startsWith('/restapis?')) return json({ item: [] });
  const asked = new URLSearchParams(body);
  const answered = ANSWERS[asked.get('Action') ?? ''];
  if (answered !== undefined) return { type: 'text/xml', body: answered };
  if (asked.get('Action') !== 'DescribeStacks')
    return { ...json({ message: 'Not known here' }), status: 400 };
  const name = asked.get('StackName');
  if (name === null) return described(Object.keys(stacks), stacks);
  return stacks[name] === undefined ? missing(name) : described([name], stacks);
}

const json = (value: unknown): Reply => ({ type: 'application/json', body: JSON.stringify(value) });

function described(names: readonly string[], stacks: FakeStacks): Reply {
  const members = names.map((name) => {
    const outputs = Object.entries(stacks[name] ?? {}).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    return `<member><StackName>${name}</StackName><StackId>${ARN}/${name}/1</StackId><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>${outputs.join('')}</Outputs></member>`;
  });
  const body = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>${members.join('')}</Stacks></DescribeStacksResult></DescribeStacksResponse>`;
  return { type: 'text/xml', body };
}

const missing = (name: string): Reply => ({
  status: 400,
  type: 'text/xml',
  body: `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`,
});
