import { SpreadsheetFailure, unreadable } from '../../../lib/spreadsheets/failure.ts';
import type { ReadFinding } from '../../../lib/spreadsheets/findings.ts';
import { type InspectOptions, inspectWorkbook } from '../../../lib/spreadsheets/inspect/inspect-workbook.ts';
import { openWorkbook } from '../../../lib/spreadsheets/read/open-workbook.ts';
import type { WorkbookReader } from '../../../lib/spreadsheets/read/reader.ts';
import type { Terminal } from '../command.ts';
import { bytesOf } from '../file-bytes.ts';
import { printable } from '../print.ts';
import { type NamedFile, namedFiles } from './named-files.ts';
import type { Failure, Paper } from './paper.ts';
import { jsonPaper } from './paper-json.ts';
import { readablePaper } from './paper-readable.ts';

/**
 * Looks at every file that is named, one after the other, and writes of each while it is read.
 * @returns how many there were, and how many could not be read.
 */
export async function inspectAll(
  names: readonly string[],
  options: InspectOptions,
  terminal: Terminal,
  asJson: boolean,
): Promise<{ files: number; failed: number }> {
  const paper = asJson ? jsonPaper(terminal, options.rows > 0) : readablePaper(terminal);
  let files = 0;
  let failed = 0;
  for await (const file of namedFiles(names)) {
    files++;
    if (!(await inspectFile(file, options, paper, terminal))) failed++;
  }
  return { files, failed };
}

/** @returns whether the file could be read. */
async function inspectFile(
  { file, problem }: NamedFile,
  options: InspectOptions,
  paper: Paper,
  terminal: Terminal,
): Promise<boolean> {
  paper.begin(file);
  let reader: WorkbookReader | undefined;
  let findings: readonly ReadFinding[] = [];
  let failure: Failure | null = null;
  try {
    if (problem !== undefined) throw unreadable(problem);
    reader = await openWorkbook(file, await bytesOf(file));
    paper.opened(reader);
    findings = await inspectWorkbook(reader, options, paper);
  } catch (error) {
    findings = reader?.findings() ?? [];
    failure = failureOf(error);
    if (failure.code === 'internal_error' && terminal.environment.DEBUG)
      terminal.complain(`${printable(traceOf(error, file))}\n`);
  }
  paper.end(findings, failure);
  return failure === null;
}

/** A file that nobody foresaw must not keep the next thousand from being read. `DEBUG` shows where it broke. */
function failureOf(error: unknown): Failure {
  if (error instanceof SpreadsheetFailure)
    return { code: error.code, stage: error.stage, message: error.message };
  const why = error instanceof Error ? error.message : String(error);
  return { code: 'internal_error', stage: 'read', message: `The file could not be looked at: ${why}` };
}

const traceOf = (error: unknown, file: string): string =>
  `${file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
