import type { FileStore, PutOptions, SignedUpload } from '../../lib/apis/files/ports.ts';
import { MemoryFiles } from '../reliability/memory-files.ts';

/** Files in memory whose forms can be posted to, and which tell what is written. */
export class SimulatedFiles extends MemoryFiles implements FileStore {
  readonly #wrote: (what: 'put' | 'remove', key: string, bytes: number) => void;

  constructor(wrote: (what: 'put' | 'remove', key: string, bytes: number) => void) {
    super();
    this.#wrote = wrote;
  }

  override async put(key: string, body: Uint8Array, options: PutOptions): Promise<void> {
    await super.put(key, body, options);
    this.#wrote('put', key, body.length);
  }

  override async copy(from: string, to: string): Promise<void> {
    await super.copy(from, to);
    this.#wrote('put', to, this.kept.get(to)?.bytes.length ?? 0);
  }

  override async remove(key: string): Promise<void> {
    await super.remove(key);
    this.#wrote('remove', key, 0);
  }

  override async signUpload(
    key: string,
    { contentType, expiresInSeconds }: { contentType: string; expiresInSeconds: number },
  ): Promise<SignedUpload> {
    const expiresAt = new Date(Date.now() + expiresInSeconds * 1000).toISOString();
    return { url: 'https://files.test/', fields: { key, 'Content-Type': contentType }, expiresAt };
  }

  /** What a client posts to a form. */
  async post(fields: Record<string, string>, bytes: Uint8Array): Promise<void> {
    const { key = '', 'Content-Type': contentType = '' } = fields;
    await this.put(key, bytes, { contentType });
  }
}
