import type { Configuration } from '../../../spreadsheets/configuration.ts';
import { SpreadsheetFailure } from '../../../spreadsheets/failure.ts';
import type { ProcessedWorkbook, WorkbookInput } from '../../../spreadsheets/process-workbook.ts';
import { readFile } from '../../files/read-file.ts';
import { invalid, notFound } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { checkDefinition, invalidDefinition } from '../configurations/configuration-rules.ts';
import { activeId, findConfiguration } from '../configurations/find-configuration.ts';
import { findDocument } from '../documents/find-document.ts';
import { listsNow } from '../work/lists-for.ts';
import { taughtNow } from '../work/taught-for.ts';
import { changedMapping } from './changed-mapping.ts';
import type { TriedConfiguration } from './try-contract.ts';
import { firstThatFit, MAX_ISSUES_BYTES, MAX_MAPPING_BYTES } from './try-limits.ts';

type TryPlatform = Pick<
  Platform,
  'configurations' | 'corrections' | 'documents' | 'files' | 'lists' | 'learned' | 'now' | 'workspaces'
>;

/** How long a trial may take, in milliseconds; the gateway waits 29 s for the whole answer. */
const TIMEOUT_MS = 24_000;

interface Asked {
  readonly workspaceId: string;
  readonly configurationId: string;
  readonly documentId: string;
}

/** Rules, and whose they are: what they have learned is kept beside them. */
interface Rules {
  readonly id: string;
  readonly configuration: Configuration;
}

/** What a configuration made of the document. */
interface Made {
  readonly processed: ProcessedWorkbook;
  readonly workbook: Uint8Array;
}

/**
 * Processes a document's current version by a configuration and by the active one, and says how they differ.
 * Nothing is stored. What the active one would have made is unknown where there is none, or where it is not valid
 * any longer, or where it cannot process this document.
 * @throws Refused 404; 422 for a configuration that is not valid, with what is wrong and where, for a document that
 * it cannot process, and for one that takes too long.
 */
export async function tryConfiguration(
  platform: TryPlatform,
  { workspaceId, configurationId, documentId }: Asked,
  timeoutMs = TIMEOUT_MS,
): Promise<TriedConfiguration> {
  const record = await findConfiguration(platform, workspaceId, configurationId);
  const { id: foundId, current } = await findDocument(platform, workspaceId, documentId);
  const checked = await checkDefinition(record.definition);
  if (checked.configuration === undefined) throw invalidDefinition(checked.errors);
  const active = await activeConfiguration(platform, workspaceId);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const bytes = await readFile(platform.files, current.fileKey, { signal });
    if (bytes === undefined) throw notFound(`The content of document '${documentId}' is no longer stored`);
    const make = async ({ id, configuration }: Rules): Promise<Made> => {
      const [taught, lists] = await Promise.all([
        taughtNow(platform, { workspaceId, configurationId: id, documentId: foundId }),
        listsNow(platform, workspaceId, configuration),
      ]);
      const { filename: name } = current;
      return await processed({ name, bytes, configuration, taught, lists, now: platform.now, signal });
    };
    const candidate = await make({ id: record.id, configuration: checked.configuration });
    const before = active?.id === record.id ? candidate : await unlessFailed(active?.rules, make);
    return await compared(active?.id, before, candidate, signal);
  } catch (error) {
    if (error instanceof SpreadsheetFailure) {
      throw invalid(`The document cannot be processed by this configuration: ${error.message}`);
    }
    if (signal.aborted && error === signal.reason) {
      throw invalid(
        `Trying the configuration takes longer than ${timeoutMs / 1000} seconds with this document. Make a run by each configuration and compare them by GET /api/v1/workspaces/${workspaceId}/runs/{runId}/diff/{otherRunId}, or try it with a part of the document.`,
      );
    }
    throw error;
  }
}

/** The active configuration, without its rules where they are not valid any longer. */
async function activeConfiguration(
  platform: TryPlatform,
  workspaceId: string,
): Promise<{ id: string; rules: Rules | undefined } | undefined> {
  const id = await activeId(platform, workspaceId);
  const record = id === undefined ? undefined : await platform.configurations.get(workspaceId, id);
  if (record === undefined) return undefined;
  const { configuration } = await checkDefinition(record.definition);
  return { id: record.id, rules: configuration && { id: record.id, configuration } };
}

async function processed(input: WorkbookInput): Promise<Made> {
  // Loaded when there is something to process: a refusal needs none of it.
  const { processWorkbook } = await import('../../../spreadsheets/process-workbook.ts');
  const chunks: Uint8Array[] = [];
  const result = await processWorkbook(input, {
    emit: () => undefined,
    write: (chunk) => void chunks.push(chunk),
  });
  return { processed: result, workbook: Buffer.concat(chunks) };
}

async function unlessFailed(
  rules: Rules | undefined,
  make: (rules: Rules) => Promise<Made>,
): Promise<Made | undefined> {
  if (rules === undefined) return undefined;
  try {
    return await make(rules);
  } catch (error) {
    // The other configuration may be there because this one cannot process the document.
    if (error instanceof SpreadsheetFailure) return undefined;
    throw error;
  }
}

async function compared(
  id: string | undefined,
  before: Made | undefined,
  candidate: Made,
  signal: AbortSignal,
): Promise<TriedConfiguration> {
  const { diffFiles } = await import('../../../spreadsheets/diff/index.ts');
  const asFile = ({ workbook }: Made) => ({ stem: '', format: 'xlsx', bytes: workbook }) as const;
  const issues = ({ processed: { report } }: Made) => firstThatFit(report.issues ?? [], MAX_ISSUES_BYTES);
  const mapping = changedMapping(before?.processed.columns ?? [], candidate.processed.columns);
  const { sheets } = await diffFiles(before && asFile(before), asFile(candidate), signal);
  return {
    activeConfigurationId: id ?? null,
    mapping: firstThatFit(mapping, MAX_MAPPING_BYTES),
    counts: { active: before?.processed.metrics ?? null, candidate: candidate.processed.metrics },
    issues: { active: before === undefined ? null : issues(before), candidate: issues(candidate) },
    sheets,
  };
}
