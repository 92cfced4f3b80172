import { referencePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { wholeFile } from '../../lib/adapters/http/whole-file.ts';
import { notFound } from '../../lib/apis/operation/refusal.ts';
import { getDocsFile } from '../../lib/apis/reference/contract.ts';
import { PAGE_HEADERS, pageFile } from '../../lib/apis/reference/page.ts';

export const handler = lambda(getDocsFile, referencePlatform, async ({ path, request }, { viewer }) => {
  const file = await pageFile(viewer, path.file);
  if (file === undefined) throw notFound(`There is no file '${path.file}' here.`);
  return wholeFile(request, { ...file, headers: PAGE_HEADERS });
});
