import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { download } from '../../lib/adapters/http/download.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { notFound } from '../../lib/apis/operation/refusal.ts';
import { outputIn } from '../../lib/apis/workspace-runs/outputs/converted-output.ts';
import { assertOneSheet } from '../../lib/apis/workspace-runs/outputs/open-output.ts';
import { downloadRunOutput } from '../../lib/apis/workspace-runs/outputs/outputs-contract.ts';
import { findDocumentRun } from '../../lib/apis/workspace-runs/runs.ts';

export const handler = lambda(
  downloadRunOutput,
  filesPlatform,
  async ({ path, query, request }, platform) => {
    const { redirect, ...form } = query;
    assertOneSheet(form);
    const output = await outputIn(platform, await findDocumentRun(platform, path), form);
    const missing = () => notFound('Run output is unavailable');
    return download(platform.files, output, { request, redirect, missing });
  },
);
