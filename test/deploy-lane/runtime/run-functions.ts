import { type DeployedFunction, deployedFunctions } from './deployed-functions.ts';
import { LambdaProcess } from './lambda-process.ts';
import type { Outcome } from './runtime-api.ts';

/** One line of the lane. */
export interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

/** Nothing listens there: what a function asks of AWS fails at once. */
const NO_AWS = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' };
/** A request without a key, as the gateway hands it over: it is refused before anything is asked of AWS. */
const REQUEST = {
  ...{ resource: '/', path: '/', httpMethod: 'GET', headers: {}, multiValueHeaders: {} },
  ...{ queryStringParameters: null, multiValueQueryStringParameters: null, pathParameters: null },
  ...{ stageVariables: null, body: null, isBase64Encoded: false },
  requestContext: { requestId: 'tried', stage: 'test', path: '/', identity: { sourceIp: '127.0.0.1' } },
};

/**
 * Each function of an assembly once, cold, as Lambda runs it. It has to load with what is in its asset alone, and to
 * answer a request that has no key, or to fail by itself: a step fails for want of AWS.
 */
export async function* runFunctionsAsLambda(cdkOut: string, node = process.execPath): AsyncGenerator<Check> {
  for (const fn of deployedFunctions(cdkOut)) yield await runOne(fn, node);
}

async function runOne(fn: DeployedFunction, node: string): Promise<Check> {
  const running = await LambdaProcess.start({ ...fn, environment: { ...NO_AWS, ...fn.environment } }, node);
  try {
    return { name: `${fn.name} runs as Lambda runs it`, ...(await judge(fn, await running.invoke(REQUEST))) };
  } finally {
    await running.close();
  }
}

async function judge(
  { answersRequests }: DeployedFunction,
  outcome: Outcome,
): Promise<Pick<Check, 'ok' | 'detail'>> {
  if (outcome.type === 'failed') {
    // A step has a wish that no request is, and wants AWS; errors of the runtime's are nobody's wish.
    const isOwn = !/^(?:Runtime|Sandbox|Function)\./.test(outcome.errorType);
    const ok = isOwn && !answersRequests && !/Cannot find|environment/i.test(outcome.errorMessage);
    return { ok, detail: `failed by itself: ${outcome.errorType}: ${oneLine(outcome.errorMessage)}` };
  }
  if (outcome.type === 'answered') {
    const { statusCode } = (outcome.value ?? {}) as { statusCode?: number };
    return { ok: (statusCode ?? 200) < 500, detail: `answered ${statusCode ?? 'without a status'}` };
  }
  let bytes = 0;
  for await (const chunk of outcome.chunks) bytes += chunk.length;
  const { statusCode = 200 } = outcome.prelude;
  return { ok: statusCode < 500, detail: `streamed ${statusCode}, ${bytes} bytes` };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 200);
