import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { contentDisposition } from '../../apis/files/file-names.ts';
import { RETENTION_TAG } from '../../apis/files/file-retention.ts';
import type { FileStore, PutOptions, SignedUpload, StoredFile } from '../../apis/files/ports.ts';

type Range = { start: number; end?: number };

/** What S3 calls an object without a type; ours are always written with one. */
const UNKNOWN_TYPE = 'application/octet-stream';

/** Files as objects of one bucket. `size` is always the whole file's, also when a range is read. */
export class S3FileStore implements FileStore {
  readonly bucket: string;
  readonly #client: S3Client;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.bucket = bucket;
  }

  async put(key: string, body: Uint8Array, { contentType, retentionDays }: PutOptions): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({
        Bucket: this.bucket,
        Key: key,
        Body: body,
        ContentType: contentType,
        ...(retentionDays === undefined ? {} : { Tagging: `${RETENTION_TAG}=${retentionDays}` }),
      }),
    );
  }

  async get(key: string, range?: Range): Promise<StoredFile | undefined> {
    try {
      const object = await this.#client.send(
        new GetObjectCommand({
          Bucket: this.bucket,
          Key: key,
          ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end ?? ''}` }),
        }),
      );
      if (!(object.Body instanceof Readable)) throw new TypeError('S3 answered without a stream');
      return {
        size: totalSize(object.ContentRange) ?? object.ContentLength ?? 0,
        contentType: object.ContentType ?? UNKNOWN_TYPE,
        body: object.Body,
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (hasStatus(error, 416)) return this.#nothingOf(key);
      throw error;
    }
  }

  async head(key: string): Promise<Omit<StoredFile, 'body'> | undefined> {
    try {
      const { ContentLength = 0, ContentType = UNKNOWN_TYPE } = await this.#client.send(
        new HeadObjectCommand({ Bucket: this.bucket, Key: key }),
      );
      return { size: ContentLength, contentType: ContentType };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async copy(from: string, to: string): Promise<void> {
    const source = [this.bucket, ...from.split('/')].map(encodeURIComponent).join('/');
    await this.#client.send(new CopyObjectCommand({ Bucket: this.bucket, Key: to, CopySource: source }));
  }

  async remove(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }

  async signUpload(
    key: string,
    options: { contentType: string; maxBytes: number; expiresInSeconds: number },
  ): Promise<SignedUpload> {
    const { contentType, maxBytes, expiresInSeconds } = options;
    const expiresAt = new Date(Date.now() + expiresInSeconds * 1000).toISOString();
    const { url, fields } = await createPresignedPost(this.#client, {
      Bucket: this.bucket,
      Key: key,
      // A field given here is signed as the only value that S3 takes for it.
      Fields: { 'Content-Type': contentType, success_action_status: '204' },
      Conditions: [['content-length-range', 0, maxBytes]],
      Expires: expiresInSeconds,
    });
    return { url, fields, expiresAt };
  }

  signDownload(
    key: string,
    options: { filename: string; contentType: string; expiresInSeconds: number },
  ): Promise<string> {
    const command = new GetObjectCommand({
      Bucket: this.bucket,
      Key: key,
      ResponseContentDisposition: contentDisposition(options.filename),
      ResponseContentType: options.contentType,
    });
    return getSignedUrl(this.#client, command, { expiresIn: options.expiresInSeconds });
  }

  /** The answer to a range that begins at or after the end. */
  async #nothingOf(key: string): Promise<StoredFile | undefined> {
    const file = await this.head(key);
    return file === undefined ? undefined : { ...file, body: Readable.from([]) };
  }
}

const hasStatus = (error: unknown, status: number): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;

/** GET names it `NoSuchKey`, HEAD has no body to name it in. A missing bucket is a fault of ours. */
const isMissing = (error: unknown): boolean =>
  hasStatus(error, 404) && error instanceof Error && error.name !== 'NoSuchBucket';

/** Of `bytes 5-9/1234`. */
function totalSize(contentRange: string | undefined): number | undefined {
  const total = contentRange?.split('/')[1];
  return total === undefined ? undefined : Number(total);
}
