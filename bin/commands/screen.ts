import { duration, printable } from './print.ts';

const BAR_WIDTH = 24;
/** How often a line that tells the time is drawn, in milliseconds. */
const TICK_MS = 1000;

/** What is known of how far something is. */
export interface Progress {
  label: string;
  /** From 0 to 1, where that is known. */
  share?: number | undefined;
}

/** Lines that stay; below them, in a terminal, one that is drawn anew until it is taken away. */
export class Screen {
  readonly #write: (text: string) => void;
  readonly #isInteractive: boolean;
  readonly #startedAt = Date.now();
  readonly #ticking: NodeJS.Timeout | undefined;
  #progress: Progress | undefined;

  constructor({ write, isInteractive }: { write(text: string): void; isInteractive: boolean }) {
    this.#write = write;
    this.#isInteractive = isInteractive;
    this.#ticking = isInteractive ? setInterval(() => this.#draw(), TICK_MS).unref() : undefined;
  }

  line(text: string): void {
    this.#write(`${this.#isInteractive ? ERASE : ''}${printable(text)}\n`);
    this.#draw();
  }

  show(progress: Progress): void {
    this.#progress = progress;
    this.#draw();
  }

  close(): void {
    clearInterval(this.#ticking);
    if (this.#isInteractive && this.#progress !== undefined) this.#write(ERASE);
  }

  #draw(): void {
    if (!this.#isInteractive || this.#progress === undefined) return;
    const { label, share } = this.#progress;
    const text = `${printable(label)}, ${duration(Date.now() - this.#startedAt)}`;
    this.#write(`${ERASE}${share === undefined ? '' : `${bar(share)} `}${text}`);
  }
}

const ERASE = '\r\x1b[2K';

function bar(share: number): string {
  const done = Math.min(BAR_WIDTH, Math.max(0, Math.round(share * BAR_WIDTH)));
  return '█'.repeat(done) + '░'.repeat(BAR_WIDTH - done);
}
