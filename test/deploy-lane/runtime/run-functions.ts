import { deployedFunctions } from './deployed-functions.ts';
import { type LambdaFunction, LambdaProcess } from './lambda-process.ts';
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

async function runOne(fn: LambdaFunction, node: string): Promise<Check> {
  const running = await LambdaProcess.start({ ...fn, environment: { ...NO_AWS, ...fn.environment } }, node);
  try {
    return { name: `${fn.name} runs as Lambda runs it`, ...(await judge(await running.invoke(REQUEST))) };
  } finally {
    await running.close();
  }
}

async function judge(outcome: Outcome): Promise<Pick<Check, 'ok' | 'detail'>> {
  if (outcome.type === 'failed') {
    // Errors of the platform's own are the function's; those of the runtime are ours.
    const ok =
      !/^(?:Runtime|Sandbox|Function)\./.test(outcome.errorType) && !/Cannot find/.test(outcome.errorMessage);
    return { ok, detail: `failed by itself: ${outcome.errorType}: ${outcome.errorMessage.slice(0, 200)}` };
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
