import type { Run } from '../../../runs/run.ts';
import { MEDIA_TYPES, type OutputFormat } from '../../../spreadsheets/output-formats/formats.ts';
import { stemOf } from '../../files/file-names.ts';
import type { FileStore } from '../../files/ports.ts';
import { putTemporary, temporaryKey } from '../../files/temporary.ts';
import type { Platform } from '../../platform.ts';
import type { OutputFile } from '../document-run.ts';
import {
  inTime,
  kindOf,
  openOutput,
  placeOfSheet,
  readOutput,
  type SheetNamed,
  suffixOf,
} from './open-output.ts';
import { outputOf } from './run-files.ts';

/** How long a conversion may take, in milliseconds: half a million rows take a tenth of it. */
const TIMEOUT_MS = 120_000;

type Form = Pick<OutputFile, 'fileKey' | 'filename' | 'contentType'>;

/**
 * The output of a run in the form that is asked for. A form that it does not have yet is made once and kept for
 * the rest of the day, so that it is sent, parted and redirected to as any stored file.
 * @throws Refused 404 or 409 as a download does, 415 for other files than .xlsx and .csv, 422.
 */
export async function outputIn(
  platform: Pick<Platform, 'files' | 'now'>,
  run: Run,
  { format, ...named }: SheetNamed & { format?: OutputFormat | undefined },
): Promise<Form> {
  const now = platform.now();
  const output = outputOf(run, now);
  if (format === undefined) return output;
  kindOf(output, 'Other forms are');
  if (format === 'xlsx' && suffixOf(output.filename) === '.xlsx') return output;
  return inTime(run, 'Conversion', TIMEOUT_MS, async (signal) => {
    const { sheets } = await openOutput(platform.files, output, signal);
    const sheet = placeOfSheet(run, sheets, format === 'xlsx' ? {} : named);
    const form = formOf(run, output, { format, sheet, of: sheets, now });
    await makeOnce(platform.files, form, async () => {
      const bytes = await readOutput(platform.files, output, signal);
      // Loaded when something is converted: most downloads are of the workbook itself.
      const { convertSheet } = await import('../../../spreadsheets/output-formats/index.ts');
      const chunks: Uint8Array[] = [];
      const conversion = { filename: output.filename, bytes, sheet, format, signal };
      await convertSheet(conversion, (chunk) => void chunks.push(chunk));
      return Buffer.concat(chunks);
    });
    return form;
  });
}

/**
 * What the form is called, and where it is kept: of its very version, and for this day. Temporary files are
 * deleted when they are a day old, so a form never outlives its output by more, and whoever is sent to one today
 * finds it.
 */
function formOf(
  run: Run,
  { versionId, filename }: OutputFile,
  asked: { format: OutputFormat; sheet: number; of: readonly { name: string }[]; now: Date },
): Form {
  const { format, sheet, of: sheets, now } = asked;
  const day = now.toISOString().slice(0, 10);
  const name = sheets.length > 1 ? `${stemOf(filename)}_${sheets[sheet]?.name}` : stemOf(filename);
  return {
    fileKey: temporaryKey(`${run.workspaceId}/forms/${run.id}/${versionId}/${day}/${sheet}.${format}`),
    filename: `${name}.${format}`,
    contentType: MEDIA_TYPES[format],
  };
}

/** What is being made in this process: those who ask meanwhile wait for it. */
const underway = new Map<string, Promise<void>>();

/** Two processes that make it at the same time write the same bytes. */
async function makeOnce(
  files: FileStore,
  { fileKey, contentType }: Form,
  make: () => Promise<Uint8Array>,
): Promise<void> {
  if ((await files.head(fileKey)) !== undefined) return;
  const making =
    underway.get(fileKey) ?? make().then((bytes) => putTemporary(files, fileKey, bytes, contentType));
  underway.set(fileKey, making);
  try {
    await making;
  } finally {
    underway.delete(fileKey);
  }
}
