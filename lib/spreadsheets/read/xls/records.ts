/** Kinds of records of a BIFF5 or BIFF8 stream that matter to what a workbook says. */
export const RECORD = {
  FORMULA: 0x06,
  EOF: 0x0a,
  NOTE: 0x1c,
  DATE_1904: 0x22,
  FILE_PASS: 0x2f,
  CONTINUE: 0x3c,
  WINDOW: 0x3d,
  CODE_PAGE: 0x42,
  COLUMN: 0x7d,
  BOUND_SHEET: 0x85,
  AUTO_FILTER: 0x9d,
  MULTIPLE_RK: 0xbd,
  RICH_STRING: 0xd6,
  XF: 0xe0,
  MERGED: 0xe5,
  STRINGS: 0xfc,
  SHARED_STRING: 0xfd,
  NUMBER: 0x203,
  LABEL: 0x204,
  BOOLEAN_OR_ERROR: 0x205,
  STRING: 0x207,
  ROW: 0x208,
  RK: 0x27e,
  FORMAT: 0x41e,
  BOF: 0x809,
} as const;

/** Kinds of records of earlier versions, which some programs write in later ones too. */
export const EARLIER_VALUES: readonly number[] = [0x02, 0x03, 0x04, 0x05, 0x07];
export const FORMULAS: readonly number[] = [RECORD.FORMULA, 0x206, 0x406];

export interface BiffRecord {
  readonly id: number;
  readonly body: Buffer;
  /** Where the record starts in the stream, and where the next one does. */
  readonly at: number;
  readonly next: number;
}

/** Records from a place in a stream on. The last one may be cut short. */
export function* records(stream: Buffer, from: number): Generator<BiffRecord> {
  for (let at = from; at + 4 <= stream.byteLength; ) {
    const next = at + 4 + stream.readUInt16LE(at + 2);
    yield { id: stream.readUInt16LE(at), body: stream.subarray(at + 4, next), at, next };
    at = next;
  }
}

/** A record as it stands in a stream. */
export function packed(id: number, body: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(id, 0);
  header.writeUInt16LE(body.byteLength, 2);
  return Buffer.concat([header, body]);
}
