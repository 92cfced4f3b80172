import { randomUUID } from 'node:crypto';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './error-code.ts';

/**
 * What is left to runs that are under way when nothing new is taken any more, in bytes: LevelDB needs about
 * 4 MiB for its next log and as much for its next table.
 */
const RESERVE_BYTES = 8 * 1024 * 1024;
/** What has to fit before the platform goes on, in bytes: what LevelDB writes when it is opened. */
const PROBE_BYTES = 4 * 1024 * 1024;
const LOOK_MS = 1_000;

/** What whoever asks for something is told. */
export const DISK_FULL =
  'The disk that the platform stores its data on is full. Free some space on it; it goes on by itself then.';

export const isOutOfSpace = (error: unknown): boolean => /^(ENOSPC|EDQUOT)$/.test(errorCode(error) ?? '');

export interface DiskSpaceOptions {
  folder: string;
  /** What stops when nothing can be written any more. */
  onFull(): void;
  /** What goes on when there is space again; when it fails, it is tried again. */
  onSpace(was: { isBroken: boolean }): Promise<void>;
}

/** Whether there is space on the disk of a folder. */
export class DiskSpace {
  readonly #options: DiskSpaceOptions;
  #looking: NodeJS.Timeout | undefined;
  /** How much has to be free before everything goes on; undefined while it does. */
  #neededBytes: number | undefined;
  #isBroken = false;
  #isClosed = false;

  constructor(options: DiskSpaceOptions) {
    this.#options = options;
  }

  /** Something came to grief for want of space, and what was stopped has not gone on yet. */
  get isFull(): boolean {
    return this.#neededBytes !== undefined;
  }

  /** Too little is left to take anything new. */
  async isShort(): Promise<boolean> {
    return this.#isBroken || (await this.#free()) < RESERVE_BYTES;
  }

  /** Stops everything until somebody has made space. `isBroken`: the database takes no write until then. */
  async noteFull({ isBroken = false } = {}): Promise<void> {
    this.#isBroken ||= isBroken;
    if (this.isFull || this.#isClosed) return;
    this.#neededBytes = PROBE_BYTES;
    this.#options.onFull();
    this.#look();
    // What could not be written may have been larger than what is free.
    if (!isBroken) this.#neededBytes += await this.#free();
  }

  async #free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#options.folder);
    return bavail * bsize;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#looking);
  }

  #look(): void {
    if (this.#isClosed) return;
    this.#looking = setTimeout(() => {
      this.#tryAgain().then(
        (goesOn) => goesOn || this.#look(),
        () => this.#look(),
      );
    }, LOOK_MS).unref();
  }

  async #tryAgain(): Promise<boolean> {
    if ((await this.#free()) < (this.#neededBytes ?? 0) || !(await this.#hasRoom())) return false;
    await this.#options.onSpace({ isBroken: this.#isBroken });
    this.#neededBytes = undefined;
    this.#isBroken = false;
    return true;
  }

  /** By writing: what is free may be somebody else's, or beyond a quota. */
  async #hasRoom(): Promise<boolean> {
    const probe = join(this.#options.folder, `probe-${randomUUID()}`);
    try {
      const file = await open(probe, 'wx');
      try {
        await file.writeFile(Buffer.alloc(PROBE_BYTES));
        await file.sync();
      } finally {
        await file.close();
      }
      return true;
    } catch (error) {
      if (isOutOfSpace(error)) return false;
      throw error;
    } finally {
      await rm(probe, { force: true });
    }
  }
}
