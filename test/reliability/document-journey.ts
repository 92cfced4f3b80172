import type { AnsweringPlatform } from '../../lib/apis/platform.ts';
import { createDocumentRun, createDocumentRuns } from '../../lib/apis/workspace-runs/create-run.ts';
import { documentRunResult } from '../../lib/apis/workspace-runs/document-run.ts';
import { createDocument } from '../../lib/apis/workspace-runs/documents/store-document.ts';
import { cancelDocumentRun } from '../../lib/apis/workspace-runs/runs.ts';
import { createWorkspace } from '../../lib/apis/workspaces/create-workspace.ts';
import type { Run } from '../../lib/runs/run.ts';
import type { Journey } from './clients.ts';

const CSV = 'First Name,E-mail\nAda,ada@example.com\nGrace,grace@example.com\n';
const OWNER = { ownerId: '018f0000-0000-7000-8000-00000000000e', ownerEmail: 'owner@example.com' };
const OPTIONS = {
  operation: 'process' as const,
  dry_run: false,
  active_sheet_only: false,
  input_sheet_names: undefined,
};

async function aDocument(platform: AnsweringPlatform, workspaceId: string, name: string): Promise<string> {
  const caller = { workspaceId, ...OWNER, permissions: [] };
  const { id } = await createDocument(platform, caller, {
    ...{ name, contentType: 'text/csv', metadata: {}, conflictMode: 'keep_both' },
    content: { bytes: Buffer.from(CSV) },
  });
  return id;
}

/** Only what has succeeded has an output, and the file that it names is there. */
async function judgeOutput({ files }: AnsweringPlatform, run: Run): Promise<string[]> {
  const { output, reportKey } = documentRunResult(run);
  if (run.status !== 'succeeded') {
    return output === undefined && reportKey === undefined
      ? []
      : [`output: ${run.id} is ${run.status} and has one`];
  }
  const keys = [
    output?.fileKey,
    reportKey,
    ...(output?.preview === undefined ? [] : [output.preview.fileKey]),
  ];
  const there = await Promise.all(keys.map((key) => (key === undefined ? undefined : files.head(key))));
  return there.includes(undefined)
    ? [`output: ${run.id} succeeded and misses one of ${keys.join(', ')}`]
    : [];
}

/** `POST …/runs` of one document, or of two as a batch. */
export const documentJourney = (isBatch = false): Journey => ({
  kind: 'document',
  async prepare(platform) {
    const { id: workspaceId } = await createWorkspace(platform, 'Storm');
    const documentId = await aDocument(platform, workspaceId, 'one.csv');
    const documentIds = isBatch
      ? [documentId, await aDocument(platform, workspaceId, 'two.csv')]
      : [documentId];
    return {
      workspaceId,
      runsPerKey: isBatch ? 2 : 1,
      create: async (on, key) => {
        const { runs } = isBatch
          ? await createDocumentRuns(
              on,
              { workspaceId, ownerId: 'owner' },
              { document_ids: documentIds, options: OPTIONS },
              key,
            )
          : await createDocumentRun(
              on,
              { workspaceId, ownerId: 'owner' },
              { input_document_id: documentId, options: OPTIONS },
              key,
            );
        return runs.map(({ id }) => id);
      },
      cancel: (on, runId) => cancelDocumentRun(on, { workspaceId, runId }),
      judge: async (on, runs) => (await Promise.all(runs.map((run) => judgeOutput(on, run)))).flat(),
    };
  },
});
