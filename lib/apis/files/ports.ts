import type { RetentionClass } from './file-retention.ts';

export interface StoredFile {
  /** Of the whole file, in bytes, whatever range was asked for. */
  size: number;
  contentType: string;
  /** To be read once, from `start` of the file if a range was asked for; empty when that is past the end. */
  body: AsyncIterable<Uint8Array>;
}

/** A form that a client posts straight to the file store; every field goes in, `file` last. Answered 204. */
export interface SignedUpload {
  url: string;
  fields: Record<string, string>;
  expiresAt: string;
}

export interface PutOptions {
  contentType: string;
  /** After how many days the file is deleted; without it, it is kept. */
  retentionDays?: RetentionClass | undefined;
}

/** Where file contents live. Keys are paths that begin with the workspace id, or with `temporary/`. */
export interface FileStore {
  /** Where workflows of others find the files: the bucket, or `local`. */
  readonly bucket: string;
  put(key: string, body: Uint8Array, options: PutOptions): Promise<void>;
  get(key: string, range?: { start: number; end?: number }): Promise<StoredFile | undefined>;
  /** Size in bytes and type; undefined when there is no such file. */
  head(key: string): Promise<Omit<StoredFile, 'body'> | undefined>;
  copy(from: string, to: string): Promise<void>;
  remove(key: string): Promise<void>;
  signUpload(
    key: string,
    options: { contentType: string; maxBytes: number; expiresInSeconds: number },
  ): Promise<SignedUpload>;
  signDownload(
    key: string,
    options: { filename: string; contentType: string; expiresInSeconds: number },
  ): Promise<string>;
}
