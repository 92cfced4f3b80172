import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { download } from '../../lib/adapters/http/download.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { notFound } from '../../lib/apis/operation/refusal.ts';
import { downloadRunOutput } from '../../lib/apis/workspace-runs/contract.ts';
import { outputOf } from '../../lib/apis/workspace-runs/outputs/run-files.ts';
import { findDocumentRun } from '../../lib/apis/workspace-runs/runs.ts';

export const handler = lambda(downloadRunOutput, filesPlatform, async ({ path, query, request }, platform) =>
  download(platform.files, outputOf(await findDocumentRun(platform, path), platform.now()), {
    request,
    redirect: query.redirect,
    missing: () => notFound('Run output is unavailable'),
  }),
);
