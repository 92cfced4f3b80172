import { AwsClient } from 'aws4fetch';
import * as z from 'zod';

/**
 * What an operator asks of services that nothing else here talks to: who they are, and how much of an account
 * is taken. Each is one call, for which the SDK has a package of some megabytes.
 */
export interface SignedQuestions {
  caller(): Promise<Caller>;
  roles(): Promise<Taken>;
  restApis(): Promise<number>;
}

/** Whose credentials they are. */
export interface Caller {
  account: string;
  arn: string;
}

/** How many of something an account has, and how many it may have. */
export interface Taken {
  used: number;
  limit: number;
}

interface Signer {
  region(): Promise<string>;
  credentials(): Promise<{
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string | undefined;
  }>;
}

interface Question {
  service: 'sts' | 'iam' | 'apigateway';
  /** Method, path and query; the body is a form's. */
  method: 'GET' | 'POST';
  path: string;
  body?: string;
}

/** Somebody waits for the answer: one retry, and no longer than a slow answer takes. In milliseconds. */
const PATIENCE = { retries: 1, timeout: 15_000 };
/** The most that API Gateway lists at once. */
const PAGE = 500;

const RestApis = z.object({ item: z.array(z.unknown()).default([]), position: z.string().optional() });

/** Whatever AWS says is thrown as the SDK would: an error by the name of its code. */
export function signedQuestions(signer: Signer): SignedQuestions {
  const askIn = (question: Question) => ask(signer, question);
  return {
    caller: async () => {
      const answer = await askIn(action('sts', 'GetCallerIdentity', '2011-06-15'));
      return { account: element(answer, 'Account'), arn: element(answer, 'Arn') };
    },
    roles: async () => {
      const answer = await askIn(action('iam', 'GetAccountSummary', '2010-05-08'));
      return { used: entry(answer, 'Roles'), limit: entry(answer, 'RolesQuota') };
    },
    restApis: async () => {
      let count = 0;
      let position: string | undefined;
      do {
        const query = new URLSearchParams({
          limit: String(PAGE),
          ...(position === undefined ? {} : { position }),
        });
        const answer = await askIn({ service: 'apigateway', method: 'GET', path: `/restapis?${query}` });
        const page = RestApis.parse(JSON.parse(answer));
        count += page.item.length;
        position = page.position;
      } while (position !== undefined);
      return count;
    },
  };
}

const action = (service: 'sts' | 'iam', name: string, version: string): Question => ({
  service,
  method: 'POST',
  path: '/',
  body: new URLSearchParams({ Action: name, Version: version }).toString(),
});

async function ask(signer: Signer, { service, method, path, body }: Question): Promise<string> {
  const { url, region } = endpointOf(service, await signer.region());
  const { accessKeyId, secretAccessKey, sessionToken } = await signer.credentials();
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...{ service, region, retries: PATIENCE.retries },
  });
  const answer = await client
    .fetch(`${url}${path}`, {
      method,
      headers: {
        // Without it API Gateway answers with links around everything, and with it the others in no XML.
        ...(service === 'apigateway' ? { accept: 'application/json' } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }),
      },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(PATIENCE.timeout),
    })
    .catch((error: unknown) => {
      // What `fetch` says itself is only that it failed.
      throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
    });
  const text = await answer.text();
  if (!answer.ok) throw refusalOf(answer, text);
  return text;
}

/** Where a service is, and for which region its requests are signed. IAM is in one region for all. */
function endpointOf(service: Question['service'], region: string): { url: string; region: string } {
  const set = process.env[`AWS_ENDPOINT_URL_${ENDPOINT_NAMES[service]}`] ?? process.env.AWS_ENDPOINT_URL;
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const home = service === 'iam' ? iamRegion(region) : region;
  const host = service === 'iam' ? iamHost(region) : `${service}.${region}.${suffix}`;
  return { url: set?.replace(/\/$/, '') ?? `https://${host}`, region: home };
}

/** As the SDK's environment variables spell them. */
const ENDPOINT_NAMES = { sts: 'STS', iam: 'IAM', apigateway: 'API_GATEWAY' } as const;

/** Where IAM of a partition is, and its quotas are asked for. */
export function iamRegion(region: string): string {
  if (region.startsWith('cn-')) return 'cn-north-1';
  return region.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}

function iamHost(region: string): string {
  if (region.startsWith('cn-')) return 'iam.cn-north-1.amazonaws.com.cn';
  return region.startsWith('us-gov-') ? 'iam.us-gov.amazonaws.com' : 'iam.amazonaws.com';
}

/** The query services say it in XML, API Gateway in a header. */
function refusalOf({ status, headers }: Response, text: string): Error {
  const code = headers.get('x-amzn-errortype')?.split(':', 1)[0] ?? found(text, /<Code>([^<]+)<\/Code>/);
  const message = found(text, /<Message>([^<]+)<\/Message>/) ?? found(text, /"message"\s*:\s*"([^"]+)"/i);
  return Object.assign(new Error(message ?? `it answered ${status}`), {
    name: code ?? 'Unknown',
    $metadata: { httpStatusCode: status },
  });
}

const found = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[1];

/** @throws Error for an answer that does not have it. */
function element(answer: string, name: string): string {
  const value = found(answer, new RegExp(`<${name}>([^<]+)</${name}>`));
  if (value === undefined) throw unanswered(name);
  return value;
}

/** A number from a map. @throws Error for an answer that does not have it. */
function entry(answer: string, name: string): number {
  const value = found(answer, new RegExp(`<key>${name}</key>\\s*<value>(\\d+)</value>`));
  if (value === undefined) throw unanswered(name);
  return Number(value);
}

/** As an answer of the service's that makes no sense, which whoever asked can say more of. */
const unanswered = (name: string): Error =>
  Object.assign(new Error(`its answer does not say ${name}`), { name: 'Unknown', $metadata: {} });
