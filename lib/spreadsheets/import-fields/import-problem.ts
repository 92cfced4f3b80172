/** Why fields cannot be taken from a file: a sentence that begins with the place. */
export class ImportProblem extends Error {
  override readonly name = 'ImportProblem';

  constructor(place: string, message: string) {
    super(`${place}: ${message}`);
  }
}

/** A field as a definition may have it; whether it is right is checked with the definition. */
export interface ImportedField {
  readonly name: string;
  readonly [member: string]: unknown;
}

/** What came of a file, and what in it says nothing that a field could. */
export interface ImportedFields {
  readonly fields: readonly ImportedField[];
  readonly ignored: readonly string[];
}
