import { SpreadsheetFailure } from '../../../lib/spreadsheets/failure.ts';
import { Complaint, type Terminal } from '../command.ts';
import { bytesOf } from '../file-bytes.ts';
import { type NamedFile, namedFiles } from '../inspect/named-files.ts';
import { counted, printable } from '../print.ts';
import { Screen } from '../screen.ts';
import { type Ended, type FileEnd, type FileRun, isDoubtful, notRun, type Watcher } from './file-run.ts';
import { isOutput, OutputFiles } from './output-files.ts';
import { fileTable, summary } from './table.ts';

/** What the shell makes of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;

interface How {
  out: string | undefined;
  isWatched: boolean;
  asJson: boolean;
}

/**
 * Runs every file that is named, so many at a time, and says of each how it came out: as JSON when it ends, else
 * in one table at the end.
 * @throws Complaint after Ctrl-C, and where no file could be run.
 */
export async function runAll(
  names: readonly string[],
  run: FileRun,
  { out, isWatched, asJson }: How,
  terminal: Terminal,
): Promise<{ sentence: string; failed: number; doubtful: number }> {
  const interrupted = terminal.interruption();
  const broken = new AbortController();
  const signal = AbortSignal.any([interrupted, broken.signal]);
  const outputs = new OutputFiles(out);
  const screen = new Screen({ ...terminal, isInteractive: terminal.isInteractive && !asJson });
  const files = sources(names);
  const ends: FileEnd[] = [];
  const atWork = new Map<string, string>();
  const draw = (): void => {
    const [[file, step] = ['', '']] = atWork;
    const done = ends.length === 0 ? '' : `${counted(ends.length, 'file')} done, `;
    screen.show({
      label: `${done}${file}: ${step}${atWork.size > 1 ? `, and ${atWork.size - 1} more` : ''}`,
    });
  };

  const work = async (): Promise<void> => {
    for (let next = await files.next(); next.done !== true && !signal.aborted; next = await files.next()) {
      const { file } = next.value;
      const watcher: Watcher = {
        step: (label) => {
          atWork.set(file, label);
          draw();
        },
        event: (name, message) => {
          if (isWatched && !asJson) screen.line(`${file}  ${name}${message === name ? '' : `  ${message}`}`);
        },
      };
      const startedAt = performance.now();
      const ended = await one(next.value, run, watcher, signal);
      const output = ended.workbook === null ? null : outputs.pathOf(file);
      if (output !== null && ended.workbook !== null) await written(outputs, output, ended.workbook);
      atWork.delete(file);
      // The workbook is on the disk: a thousand of them need not be in memory too.
      const end = {
        file,
        ended: { ...ended, workbook: null },
        output,
        tookMs: performance.now() - startedAt,
      };
      ends.push(end);
      if (asJson) terminal.write(`${JSON.stringify(lineOf(end))}\n`);
      if (atWork.size > 0) draw();
    }
  };

  try {
    await Promise.all(
      Array.from({ length: run.width }, () =>
        work().catch((error: unknown) => {
          broken.abort(error);
          throw error;
        }),
      ),
    );
  } catch (error) {
    if (!interrupted.aborted) throw error;
  } finally {
    screen.close();
  }
  if (interrupted.aborted) throw new Complaint(stopped(ends, atWork), INTERRUPTED);
  const failed = ends.filter(({ ended: { status } }) => status !== 'succeeded').length;
  const doubtful = ends.filter(({ ended }) => isDoubtful(ended)).length;
  if (!asJson) terminal.write(`${fileTable(ends, terminal)}\n`);
  return { sentence: summary(ends), failed, doubtful };
}

const lineOf = ({ file, ended: { runId, status, outcome, issues, failure }, output }: FileEnd): object => ({
  ...{ file, runId, status, outcome, issues, output, failure },
});

function stopped(ends: readonly FileEnd[], atWork: ReadonlyMap<string, string>): string {
  const left = [...atWork.keys()].map((file) => printable(file)).join(', ');
  return `Stopped after ${counted(ends.length, 'file')}${left === '' ? '' : `, in the middle of ${left}`}.`;
}

/** The files that names stand for. What is named by itself is run whatever its name. */
async function* sources(names: readonly string[]): AsyncGenerator<NamedFile> {
  const seen = new Set<string>();
  for await (const named of namedFiles(names)) {
    if (seen.has(named.file)) continue;
    seen.add(named.file);
    if (named.problem !== undefined || names.includes(named.file) || !isOutput(named.file)) yield named;
  }
}

async function one(
  { file, problem }: NamedFile,
  run: FileRun,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<Ended> {
  if (problem !== undefined) return notRun('not_found', problem);
  watcher.step('reading');
  try {
    return await run.run(file, await bytesOf(file), watcher, signal);
  } catch (error) {
    if (!(error instanceof SpreadsheetFailure)) throw error;
    return notRun(error.code, error.message);
  }
}

/** @throws Complaint where there is no place for outputs: the next one would have none either. */
async function written(outputs: OutputFiles, path: string, bytes: Uint8Array): Promise<void> {
  try {
    await outputs.write(path, bytes);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Complaint(`The output ${path} could not be written (${code}). --out names another folder.`);
  }
}
