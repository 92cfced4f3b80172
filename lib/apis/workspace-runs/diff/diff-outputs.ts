import type { Run } from '../../../runs/run.ts';
import { type ComparedFile, diffFiles, SpreadsheetFailure } from '../../../spreadsheets/diff/index.ts';
import { stemOf } from '../../files/file-names.ts';
import type { FileStore } from '../../files/ports.ts';
import { invalid, Refused } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import type { OutputFile } from '../document-run.ts';
import { MAX_READ_BYTES, readOutput, suffixOf } from '../outputs/open-output.ts';
import { outputOf } from '../outputs/run-files.ts';
import type { RunDiff } from './diff-contract.ts';

/** How long a comparison may take, in milliseconds; the gateway waits 29 s for the whole answer. */
const TIMEOUT_MS = 24_000;

/**
 * How the output of run b differs from that of run a.
 * @throws Refused 404 or 409 as a download does, 415 for other files than .xlsx and .csv, 422 for what cannot be
 * read or compared in time.
 */
export async function diffOutputs(
  platform: Pick<Platform, 'files' | 'now'>,
  a: Run,
  b: Run,
  timeoutMs = TIMEOUT_MS,
): Promise<RunDiff> {
  const now = platform.now();
  const outputs = [
    { run: a, output: outputOf(a, now) },
    { run: b, output: outputOf(b, now) },
  ] as const;
  for (const { run, output } of outputs) assertComparable(run, output);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const [before, after] = await Promise.all([
      contentOf(platform.files, outputs[0].output, signal),
      contentOf(platform.files, outputs[1].output, signal),
    ]);
    return await diffFiles(before, after, signal);
  } catch (error) {
    if (error instanceof SpreadsheetFailure) {
      throw invalid(
        `The outputs of run ${a.id} and run ${b.id} cannot be compared: ${error.message} Download both to compare them.`,
      );
    }
    if (signal.aborted && error === signal.reason) {
      throw invalid(
        `Comparing the outputs of run ${a.id} and run ${b.id} takes longer than ${timeoutMs / 1000} seconds. Download both to compare them.`,
      );
    }
    throw error;
  }
}

const FORMATS = new Map<string, ComparedFile['format']>([
  ['.xlsx', 'xlsx'],
  ['.csv', 'csv'],
]);

/** @throws Refused 415, 422. */
function assertComparable(run: Run, { filename, byteSize }: OutputFile): void {
  const suffix = suffixOf(filename);
  if (!FORMATS.has(suffix)) {
    throw new Refused({
      category: 'unsupported_media_type',
      message: `A comparison is not supported for output file type '${suffix}' of run ${run.id}.`,
    });
  }
  if (byteSize <= MAX_READ_BYTES) return;
  throw invalid(
    `The output of run ${run.id} has ${grouped(byteSize)} bytes; files of at most ${grouped(MAX_READ_BYTES)} bytes are compared. Download both to compare them.`,
  );
}

const grouped = (count: number): string => count.toLocaleString('en-US');

async function contentOf(files: FileStore, output: OutputFile, signal: AbortSignal): Promise<ComparedFile> {
  const { filename } = output;
  const bytes = await readOutput(files, output, signal);
  return { stem: stemOf(filename), format: FORMATS.get(suffixOf(filename)) ?? 'xlsx', bytes };
}
