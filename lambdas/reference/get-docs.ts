import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { wholeFile } from '../../lib/adapters/http/whole-file.ts';
import { getDocs } from '../../lib/apis/reference/contract.ts';
import { PAGE, PAGE_HEADERS } from '../../lib/apis/reference/page.ts';

export const handler = lambda(getDocs, corePlatform, ({ request }) =>
  wholeFile(request, {
    bytes: Buffer.from(PAGE),
    contentType: getDocs.success.contentType,
    headers: PAGE_HEADERS,
  }),
);
