import type { RunningRun } from '../../../runs/run.ts';
import type { DocumentRunInput } from '../document-run.ts';
import type { RunJournal } from './run-journal.ts';

/** One attempt of a document run, for the worker that claimed it. */
export interface Attempt {
  run: RunningRun;
  input: DocumentRunInput;
  journal: RunJournal;
  /** Where its objects stand: under its claim, so that no other attempt's run can refer to them. */
  folder: string;
}
