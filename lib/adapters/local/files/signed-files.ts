import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { SignedUpload } from '../../../apis/files/ports.ts';

export const UPLOAD_PATH = '/_files/upload';
export const DOWNLOAD_PATH = '/_files/download';

const UploadPolicy = z.object({
  key: z.string(),
  contentType: z.string(),
  maxBytes: z.int(),
  expiresAt: z.iso.datetime(),
});
export type UploadPolicy = z.infer<typeof UploadPolicy>;

const DownloadGrant = z.object({
  key: z.string(),
  contentType: z.string(),
  filename: z.string(),
  expiresAt: z.iso.datetime(),
});
export type DownloadGrant = z.infer<typeof DownloadGrant>;

/** Why a signed URL or form does not hold. */
export type Mistrust = 'forged' | 'expired';

export interface SignedFilesOptions {
  keyFile: string;
  baseUrl: string | (() => string);
  now: () => Date;
  /** Takes a sentence about a secret that had to be made anew. */
  warn: (message: string) => void;
}

/** Signs and checks what a bearer may upload or download. The signature covers every word of the grant. */
export class SignedFiles {
  readonly #options: SignedFilesOptions;
  #secret: Promise<Buffer> | undefined;

  constructor(options: SignedFilesOptions) {
    this.#options = options;
  }

  async signUpload(
    asked: Omit<UploadPolicy, 'expiresAt'> & { expiresInSeconds: number },
  ): Promise<SignedUpload> {
    const { key, contentType, maxBytes } = asked;
    const expiresAt = this.#expiry(asked.expiresInSeconds);
    const policy = encode({ key, contentType, maxBytes, expiresAt } satisfies UploadPolicy);
    return {
      url: this.#url(UPLOAD_PATH),
      fields: {
        key,
        'Content-Type': contentType,
        Policy: policy,
        'X-Signature': await this.#sign('upload', policy),
      },
      expiresAt,
    };
  }

  async signDownload(
    asked: Omit<DownloadGrant, 'expiresAt'> & { expiresInSeconds: number },
  ): Promise<string> {
    const { key, contentType, filename } = asked;
    const expiresAt = this.#expiry(asked.expiresInSeconds);
    const grant = encode({ key, contentType, filename, expiresAt } satisfies DownloadGrant);
    return `${this.#url(DOWNLOAD_PATH)}?grant=${grant}&signature=${await this.#sign('download', grant)}`;
  }

  checkUpload(policy: string, signature: string): Promise<UploadPolicy | Mistrust> {
    return this.#check('upload', UploadPolicy, policy, signature);
  }

  checkDownload(grant: string, signature: string): Promise<DownloadGrant | Mistrust> {
    return this.#check('download', DownloadGrant, grant, signature);
  }

  async #check<T extends { expiresAt: string }>(
    purpose: string,
    schema: z.ZodType<T>,
    text: string,
    signature: string,
  ): Promise<T | Mistrust> {
    const expected = Buffer.from(await this.#sign(purpose, text));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'forged';
    const grant = schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return Date.parse(grant.expiresAt) <= this.#options.now().getTime() ? 'expired' : grant;
  }

  /** The purpose keeps a download grant from being taken for an upload policy. */
  async #sign(purpose: string, text: string): Promise<string> {
    this.#secret ??= loadSecret(this.#options);
    return createHmac('sha256', await this.#secret)
      .update(`${purpose}\n${text}`)
      .digest('base64url');
  }

  #url(path: string): string {
    const { baseUrl } = this.#options;
    return `${typeof baseUrl === 'string' ? baseUrl : baseUrl()}${path}`;
  }

  #expiry(seconds: number): string {
    return new Date(this.#options.now().getTime() + seconds * 1000).toISOString();
  }
}

const encode = (grant: unknown): string => Buffer.from(JSON.stringify(grant)).toString('base64url');

const SECRET_BYTES = 32;

/**
 * Reads the secret, or makes it. Linking a finished file lets only the first of several makers win. One that is
 * too short to be a secret, as a full disk or a slip leaves it, is made anew: anybody could sign with it.
 */
async function loadSecret({
  keyFile: path,
  warn,
}: Pick<SignedFilesOptions, 'keyFile' | 'warn'>): Promise<Buffer> {
  await mkdir(dirname(path), { recursive: true });
  const mine = `${path}.${randomUUID()}`;
  const standing = await secretIn(path);
  if (standing !== undefined && standing.length >= SECRET_BYTES) return standing;
  await writeFile(mine, randomBytes(SECRET_BYTES), { mode: 0o600 });
  if (standing !== undefined) {
    warn(
      `${path} had ${standing.length} bytes, which is too short for a secret: it was made anew, and links to files that were handed out before no longer hold.`,
    );
    await rename(mine, path);
    return readFile(path);
  }
  try {
    await link(mine, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(mine);
  }
  return readFile(path);
}

async function secretIn(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
