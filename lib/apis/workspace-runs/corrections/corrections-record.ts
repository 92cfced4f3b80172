import * as z from 'zod';
import { Instant } from '../../../runs/run.ts';
import { ColumnCorrection } from '../../../spreadsheets/map/taught.ts';

/** Of all corrections of a document, as JSON: a record of DynamoDB has at most 400 KB. */
const MAX_CORRECTIONS_BYTES = 262_144;

const Correction = ColumnCorrection.extend({ runId: z.uuid(), columnId: z.string(), at: Instant });
export type Correction = z.infer<typeof Correction>;

/** What was said of the columns of a document in its runs, the latest at the end. The id is the document's. */
export const CorrectionsRecord = z.object({
  id: z.uuid(),
  version: z.int().min(0),
  corrections: z.array(Correction),
});
export type CorrectionsRecord = z.infer<typeof CorrectionsRecord>;

export const noCorrections = (documentId: string): CorrectionsRecord => ({
  ...{ id: documentId, version: 0 },
  corrections: [],
});

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value)) + 1;

/** With one more, in place of what was said of the same column of the same run; the oldest go where there are too many. */
export function withCorrection(record: CorrectionsRecord, correction: Correction): CorrectionsRecord {
  const { runId, columnId } = correction;
  const isOther = (other: Correction): boolean => other.runId !== runId || other.columnId !== columnId;
  const corrections = [...record.corrections.filter(isOther), correction];
  let bytes = bytesOf(corrections);
  const first = corrections.findIndex((oldest) => {
    if (bytes <= MAX_CORRECTIONS_BYTES) return true;
    bytes -= bytesOf(oldest);
    return false;
  });
  return { ...record, corrections: corrections.slice(first) };
}
