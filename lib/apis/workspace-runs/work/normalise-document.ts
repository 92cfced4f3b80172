import { randomUUID } from 'node:crypto';
import type { Outcome } from '../../../runs/service.ts';
import { processWorkbook, readConfiguration, SpreadsheetFailure } from '../../../spreadsheets/index.ts';
import { outputClass } from '../../files/kept-for.ts';
import { readFile } from '../../files/read-file.ts';
import type { WorkerPlatform } from '../../platform.ts';
import type { DocumentRunResult } from '../document-run.ts';
import { nextOutputVersion } from '../outputs/output-number.ts';
import { storePreview } from '../outputs/output-preview-store.ts';
import { storeReport } from '../outputs/stored-report.ts';
import type { Attempt } from './attempt.ts';
import { listsFor } from './lists-for.ts';
import { OUTPUT_OBJECT, REPORT_OBJECT } from './run-objects.ts';
import { taughtFor } from './taught-for.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const hex = (): string => randomUUID().replaceAll('-', '');

/** Reads the document, normalises it by its configuration, stores workbook and report. */
export async function normaliseDocument(
  platform: WorkerPlatform,
  { run, input, journal, folder }: Attempt,
): Promise<Outcome> {
  const { document } = input;
  if (document === undefined) throw new TypeError(`Run ${run.id} has no document to process`);
  const bytes = await readFile(platform.files, document.fileKey);
  if (bytes === undefined)
    return failed(
      'unreadable_file',
      'read',
      'The content of this document is no longer stored. Upload it again.',
    );
  const record = await platform.configurations.get(run.workspaceId, input.configurationId);
  const configuration = await readConfiguration(record?.definition);
  if (!configuration.success) {
    return failed(
      'invalid_configuration',
      'read',
      'The configuration of this run is not valid. Validate it to see why.',
    );
  }

  const { taught, taughtKey } = await taughtFor(platform, run, input);
  const lists = await listsFor(platform, run, configuration.data);
  const engineRunId = hex();
  const chunks: Uint8Array[] = [];
  const ended = await caught(() =>
    processWorkbook(
      {
        name: document.filename,
        bytes,
        configuration: configuration.data,
        taught,
        lists,
        ...(input.sheetNames === undefined ? {} : { sheetNames: input.sheetNames }),
        ...(input.activeSheetOnly === undefined ? {} : { activeSheetOnly: input.activeSheetOnly }),
        ...(input.csv === undefined ? {} : { csv: input.csv }),
        debug: input.logLevel === 'DEBUG',
        now: platform.now,
        signal: journal.signal,
      },
      {
        emit: (event) => journal.write({ event_id: hex(), engine_run_id: engineRunId, ...event }),
        write: (chunk) => void chunks.push(chunk),
      },
    ),
  );
  journal.signal.throwIfAborted();
  if ('fault' in ended) {
    if (ended.fault instanceof SpreadsheetFailure) {
      const { code, stage, message } = ended.fault;
      return failed(code, stage, message);
    }
    platform.logger.error('spreadsheet engine fault', { runId: run.id, error: ended.fault });
    return failed(
      'internal_error',
      null,
      'The document could not be processed because of a fault in the engine, not in the document. Report it with the id of this run.',
    );
  }

  const { outputName, sheets } = ended.value;
  const workbook = Buffer.concat(chunks);
  const fileKey = `${folder}/${OUTPUT_OBJECT}`;
  const reportKey = `${folder}/${REPORT_OBJECT}`;
  const [no, preview] = await Promise.all([
    nextOutputVersion(platform, run.workspaceId, document.id, run.claimId),
    storePreview(platform, run, { folder, workbook, sheets }),
    platform.files.put(fileKey, workbook, { contentType: XLSX, retentionDays: outputClass(run) }),
    storeReport(platform, run, reportKey, ended.value),
  ]);
  const result: DocumentRunResult = {
    output: {
      versionId: run.claimId,
      no,
      filename: outputName,
      contentType: XLSX,
      byteSize: workbook.length,
      fileKey,
      ...(preview === undefined ? {} : { preview }),
    },
    reportKey,
    evaluation: ended.value.metrics.evaluation_outcome,
    ...(taughtKey === undefined ? {} : { taughtKey }),
  };
  return { type: 'succeeded', result };
}

const failed = (code: string, stage: string | null, message: string): Outcome => ({
  type: 'failed',
  failure: { code, stage, message },
});

/** Keeps the engine's faults apart from the platform's: only the latter are worth another try. */
async function caught<T>(act: () => Promise<T>): Promise<{ value: T } | { fault: unknown }> {
  try {
    return { value: await act() };
  } catch (fault) {
    return { fault };
  }
}
