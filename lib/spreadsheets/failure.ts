export type FailureCode =
  | 'unreadable_file'
  | 'unsupported_format'
  | 'sheet_not_found'
  | 'no_active_sheet'
  | 'list_not_found'
  | 'too_large'
  | 'internal_error';

export type FailureStage = 'read' | 'detect' | 'map' | 'transform' | 'validate' | 'write';

/** Why a workbook could not be processed. `message` is a sentence its owner can act on. */
export class SpreadsheetFailure extends Error {
  override readonly name = 'SpreadsheetFailure';
  readonly code: FailureCode;
  readonly stage: FailureStage;

  constructor(code: FailureCode, stage: FailureStage, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.stage = stage;
  }
}

/** A failure of reading, the stage where most of them happen. */
export const unreadable = (message: string, cause?: unknown): SpreadsheetFailure =>
  new SpreadsheetFailure('unreadable_file', 'read', message, cause === undefined ? {} : { cause });

export const tooLarge = (message: string): SpreadsheetFailure =>
  new SpreadsheetFailure('too_large', 'read', message);
