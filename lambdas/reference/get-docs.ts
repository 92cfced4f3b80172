import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toStreamHandler } from '../../lib/adapters/http/handler.ts';
import { wholeFile } from '../../lib/adapters/http/whole-file.ts';
import { getDocs as operation } from '../../lib/apis/reference/contract.ts';
import { PAGE, PAGE_HEADERS } from '../../lib/apis/reference/page.ts';

export const getDocs = route(operation, ({ request }) =>
  wholeFile(request, {
    bytes: Buffer.from(PAGE),
    contentType: operation.success.contentType,
    headers: PAGE_HEADERS,
  }),
);

export const handler = toStreamHandler(getDocs, corePlatform);
