import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What a benchmark reads of a line of `runplane inspect --json --rows all`. */
export interface Inspected {
  readonly file: string;
  readonly failure: { readonly code: string } | null;
  readonly sheets: readonly {
    readonly rows: readonly (readonly string[])[];
    readonly tables: readonly { readonly range: string; readonly headerRows: number }[];
  }[];
}

/** A range's corners, 0-based: `B2:D9`. Throws for anything else. */
export function corners(range: string): { top: number; left: number; bottom: number; right: number } {
  const places = range.split(':').map((place) => {
    const [, letters, row] = /^([A-Z]+)(\d+)$/.exec(place) ?? [];
    if (letters === undefined || row === undefined) throw new Error(`${range} is no range.`);
    const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
    return { row: Number(row) - 1, column };
  });
  const [from, to = from] = places;
  if (from === undefined || to === undefined) throw new Error(`${range} is no range.`);
  return { top: from.row, left: from.column, bottom: to.row, right: to.column };
}

/** Looks at every file of a folder by the command itself, and gives its lines one by one. */
export async function* inspected(folder: string): AsyncGenerator<Inspected> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      'bin/runplane.ts',
      'inspect',
      '--json',
      '--rows',
      'all',
      '--tables',
      'regions',
      folder,
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as Inspected;
}

/** The folder that a benchmark was given. Throws where there is none. */
export function folderGiven(command: string): string {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error(`Say which folder: npm run ${command} -- DIR`);
  return folder;
}
