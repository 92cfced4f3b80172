import { referencePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toStreamHandler } from '../../lib/adapters/http/handler.ts';
import { wholeFile } from '../../lib/adapters/http/whole-file.ts';
import type { ReferencePlatform } from '../../lib/apis/platform.ts';
import { getDocsFile as operation } from '../../lib/apis/reference/contract.ts';
import { PAGE_HEADERS, pageFile } from '../../lib/apis/reference/page.ts';
import { notFound } from '../../lib/apis/refusal.ts';

export const getDocsFile = route(
  operation,
  async ({ path, request }, { viewer }: Pick<ReferencePlatform, 'viewer'>) => {
    const file = await pageFile(viewer, path.file);
    if (file === undefined) throw notFound(`There is no file '${path.file}' here.`);
    return wholeFile(request, { ...file, headers: PAGE_HEADERS });
  },
);

export const handler = toStreamHandler(getDocsFile, referencePlatform);
