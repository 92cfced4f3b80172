import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { splitName } from '../../../lib/spreadsheets/read/open-workbook.ts';

const MARK = '_normalized';

/** Whether a file is what an earlier call has written of another. */
export const isOutput = (file: string): boolean => splitName(basename(file)).stem.endsWith(MARK);

/** Where the outputs of one call are written. */
export class OutputFiles {
  readonly #folder: string | undefined;
  readonly #taken = new Set<string>();

  /** `folder` is made where it is not there; without it an output stands beside its file. */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** `orders_normalized.xlsx` of `orders.csv`, and `orders_normalized (2).xlsx` of `orders.xlsx` beside it. */
  pathOf(file: string): string {
    const { stem } = splitName(basename(file));
    const folder = this.#folder ?? dirname(file);
    for (let no = 1; ; no++) {
      const path = join(folder, `${stem}${MARK}${no === 1 ? '' : ` (${no})`}.xlsx`);
      if (this.#taken.has(path)) continue;
      this.#taken.add(path);
      return path;
    }
  }

  /** Writes it whole or not at all. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    const unfinished = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
    try {
      await writeFile(unfinished, bytes);
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }
}
