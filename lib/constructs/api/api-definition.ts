import { isStreaming, type Operation, pathsOf } from '../../apis/operation/operation.ts';
import { gatewayResponses } from './gateway-responses.ts';

export interface ApiDefinitionProps {
  readonly title: string;
  readonly operations: readonly Operation[];
  /** Where API Gateway and the functions are: `aws` and a region, or CloudFormation's words for them. */
  readonly partition: string;
  readonly region: string;
  /** ARN of the function that answers an operation. */
  readonly functionOf: (op: Operation) => string;
  /** ARN of the function that answers everything else. */
  readonly fallback: string;
  readonly corsOrigins: readonly string[];
}

interface Integration {
  type: 'aws_proxy';
  httpMethod: 'POST';
  uri: string;
  passthroughBehavior: 'when_no_match';
  responseTransferMode: 'STREAM' | 'BUFFERED';
  timeoutInMillis: number;
}

interface Method {
  operationId?: string;
  parameters?: { name: string; in: 'path'; required: true; schema: { type: 'string' } }[];
  responses: Record<string, { description: string }>;
  'x-amazon-apigateway-integration': Integration;
}

export type PathItem = Record<string, Method>;

/** The key under which a path keeps the method for all methods that it does not name. */
export const ANY = 'x-amazon-apigateway-any-method';

/** The longest that API Gateway waits for a whole answer, and for a streamed one. */
const BUFFERED_MILLISECONDS = 29_000;
const STREAM_MILLISECONDS = 900_000;

/**
 * The OpenAPI 3.0 document from which API Gateway makes the API: routes and integrations, no schemas. Those
 * are OpenAPI 3.1, which API Gateway does not import, and requests are checked in the handlers anyway.
 */
export function apiDefinition(props: ApiDefinitionProps) {
  const { operations, corsOrigins } = props;
  const paths: Record<string, PathItem> = {};
  // A path in between is a resource too, and one without a method would be answered by API Gateway itself.
  for (const path of ['/', '/{proxy+}', ...operations.flatMap(pathsOf).flatMap(prefixesOf)]) {
    paths[path] ??= { [ANY]: { ...parametersOf(path), responses: {}, ...integration(props) } };
  }
  for (const op of operations) {
    for (const path of pathsOf(op)) {
      const item = paths[path];
      const method = op.method.toLowerCase();
      if (item === undefined || item[method] !== undefined)
        throw new Error(`${op.method} ${path} is described twice`);
      item[method] = {
        // An id names one method of a document, so an alias has none.
        ...(path === op.path ? { operationId: op.operationId } : {}),
        ...parametersOf(path),
        responses: { [op.success.status]: { description: op.summary } },
        ...integration(props, op),
      };
    }
  }
  return {
    openapi: '3.0.1',
    info: { title: props.title, version: '1' },
    paths,
    // Text is passed on as it is, other bodies as base64; a form has both in it.
    'x-amazon-apigateway-binary-media-types': ['multipart/form-data'],
    'x-amazon-apigateway-gateway-responses': gatewayResponses(corsOrigins),
  };
}

/** `/a/{b}/c` → `/a`, `/a/{b}`, `/a/{b}/c`. */
function prefixesOf(path: string): string[] {
  const segments = path.split('/').slice(1);
  return segments.map((_segment, index) => `/${segments.slice(0, index + 1).join('/')}`);
}

function parametersOf(path: string): Pick<Method, 'parameters'> {
  const names = [...path.matchAll(/\{([^}+]+)\+?\}/g)].flatMap(([, name]) => name ?? []);
  if (names.length === 0) return {};
  return {
    parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
  };
}

/** How API Gateway calls the function of an operation, or the fallback. */
function integration(
  { functionOf, fallback, partition, region }: ApiDefinitionProps,
  op?: Operation,
): Pick<Method, 'x-amazon-apigateway-integration'> {
  const streams = op !== undefined && isStreaming(op);
  const arn = op === undefined ? fallback : functionOf(op);
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
  const action = streams
    ? `2021-11-15/functions/${arn}/response-streaming-invocations`
    : `2015-03-31/functions/${arn}/invocations`;
  return {
    'x-amazon-apigateway-integration': {
      type: 'aws_proxy',
      httpMethod: 'POST',
      uri: `arn:${partition}:apigateway:${region}:lambda:path/${action}`,
      passthroughBehavior: 'when_no_match',
      responseTransferMode: streams ? 'STREAM' : 'BUFFERED',
      timeoutInMillis: streams ? STREAM_MILLISECONDS : BUFFERED_MILLISECONDS,
    },
  };
}
