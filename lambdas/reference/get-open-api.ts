import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { operations } from '../../lib/apis/index.ts';
import { openApiDocument } from '../../lib/apis/operation/openapi.ts';
import { VERSION } from '../../lib/apis/operation/version.ts';
import { getOpenApi } from '../../lib/apis/reference/contract.ts';

let document: ReturnType<typeof openApiDocument> | undefined;

export const handler = lambda(getOpenApi, corePlatform, async () => {
  document ??= openApiDocument(operations, { version: VERSION });
  return document;
});
