import type { FileStore, PutOptions, SignedUpload, StoredFile } from '../../lib/apis/files/ports.ts';

type Kept = { bytes: Uint8Array; contentType: string };

/** Files by their keys. Forms and signed addresses lead outside, where a schedule has nothing. */
export class MemoryFiles implements FileStore {
  readonly bucket = 'memory';
  readonly kept = new Map<string, Kept>();

  async put(key: string, body: Uint8Array, { contentType }: PutOptions): Promise<void> {
    this.kept.set(key, { bytes: body, contentType });
  }

  async get(
    key: string,
    range: { start: number; end?: number } = { start: 0 },
  ): Promise<StoredFile | undefined> {
    const found = this.kept.get(key);
    if (found === undefined) return undefined;
    const { bytes, contentType } = found;
    const part = bytes.subarray(range.start, range.end === undefined ? undefined : range.end + 1);
    return { size: bytes.length, contentType, body: once(part) };
  }

  async head(key: string): Promise<Omit<StoredFile, 'body'> | undefined> {
    const found = this.kept.get(key);
    return found && { size: found.bytes.length, contentType: found.contentType };
  }

  async copy(from: string, to: string): Promise<void> {
    const found = this.kept.get(from);
    if (found === undefined) throw new Error(`There is no file ${from}`);
    this.kept.set(to, found);
  }

  async remove(key: string): Promise<void> {
    this.kept.delete(key);
  }

  async signUpload(..._asked: Parameters<FileStore['signUpload']>): Promise<SignedUpload> {
    throw new Error('Nobody can post to the memory of a schedule');
  }

  async signDownload(): Promise<string> {
    throw new Error('Nobody can download from the memory of a schedule');
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
