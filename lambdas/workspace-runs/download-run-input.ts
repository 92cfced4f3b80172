import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { download } from '../../lib/adapters/http/download.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { notFound } from '../../lib/apis/operation/refusal.ts';
import { downloadRunInput } from '../../lib/apis/workspace-runs/contract.ts';
import { findInput } from '../../lib/apis/workspace-runs/outputs/run-files.ts';

export const handler = lambda(downloadRunInput, filesPlatform, async ({ path, query, request }, platform) => {
  const { input } = await findInput(platform, path);
  return download(platform.files, input, {
    request,
    redirect: query.redirect,
    missing: () => notFound('Run input is unavailable'),
  });
});
