import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { operations } from '../../lib/apis/index.ts';
import { openApiDocument } from '../../lib/apis/openapi.ts';
import { getOpenApi as operation } from '../../lib/apis/reference/contract.ts';
import { VERSION } from '../../lib/apis/version.ts';

let document: ReturnType<typeof openApiDocument> | undefined;

export const getOpenApi = route(operation, async () => {
  document ??= openApiDocument(operations, { version: VERSION });
  return document;
});

export const handler = toHandler(getOpenApi, corePlatform);
