import { SpreadsheetFailure } from '../../../spreadsheets/failure.ts';
import type { Example, Proposal } from '../../../spreadsheets/propose/propose.ts';
import { readFile } from '../../files/read-file.ts';
import { bytesOf } from '../../operation/answer-size.ts';
import { invalid, notFound } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { findDocument } from '../documents/find-document.ts';

/** Less than the 29 seconds that a gateway waits, in milliseconds. */
const PATIENCE_MS = 25_000;

/** What a function may answer, with some room for its head. */
export const MAX_PROPOSAL_BYTES = 6_000_000;

export interface Asked {
  readonly documentIds: readonly string[];
  readonly tableDetection: 'regions' | 'ade';
}

/**
 * What is proposed for documents of a workspace, each read once, in the order in which they are named.
 * @throws Refused 404 for a document that is not there, 422 for one that cannot be read or takes too long.
 */
export async function proposeForDocuments(
  platform: Pick<Platform, 'documents' | 'files'>,
  workspaceId: string,
  { documentIds, tableDetection }: Asked,
): Promise<Proposal> {
  const examples: Example[] = [];
  for (const id of new Set(documentIds.map((documentId) => documentId.toLowerCase())))
    examples.push(await exampleOf(platform, workspaceId, id));
  const proposal = await proposed(examples, tableDetection);
  if (bytesOf(proposal) > MAX_PROPOSAL_BYTES)
    throw invalid('These documents have more columns than one answer tells of. Name fewer documents.');
  return proposal;
}

async function exampleOf(
  platform: Pick<Platform, 'documents' | 'files'>,
  workspaceId: string,
  id: string,
): Promise<Example> {
  const document = await findDocument(platform, workspaceId, id);
  const bytes = await readFile(platform.files, document.current.fileKey);
  if (bytes === undefined)
    throw notFound(`The content of document '${id}' is no longer stored. Upload it again.`);
  return { id, name: document.current.filename, bytes };
}

/** Loaded when there is something to look at: it is most of what the function has to read. */
async function proposed(examples: readonly Example[], tables: Asked['tableDetection']): Promise<Proposal> {
  const { proposeConfiguration } = await import('../../../spreadsheets/propose/propose.ts');
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await proposeConfiguration(examples, tables, signal);
  } catch (error) {
    if (error instanceof SpreadsheetFailure) throw invalid(error.message);
    if (signal.aborted && error === signal.reason) {
      throw invalid(
        `Looking at these documents takes longer than ${PATIENCE_MS / 1000} seconds. Take a shorter file of the same kind.`,
      );
    }
    throw error;
  }
}
