import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { S3FileStore } from '../../../lib/adapters/aws/s3-file-store.ts';

const client = new S3Client({
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
});
const s3 = mockClient(client);
const files = new S3FileStore(client, 'bucket');

beforeEach(() => {
  s3.reset();
});

const refusal = (name: string, httpStatusCode: number) =>
  new S3ServiceException({ name, message: name, $fault: 'client', $metadata: { httpStatusCode } });

describe('S3FileStore', () => {
  it('tags what is to be deleted after some days, and nothing else', async () => {
    s3.on(PutObjectCommand).resolves({});
    await files.put('w/a', new Uint8Array(), { contentType: 'text/csv', retentionDays: 30 });
    await files.put('w/b', new Uint8Array(), { contentType: 'text/csv' });
    const tags = s3.commandCalls(PutObjectCommand).map(({ args }) => args[0].input.Tagging);
    expect(tags).toEqual(['retention-days=30', undefined]);
  });

  it.each(['NoSuchKey', 'NotFound'])('takes %s for a file that is not there', async (name) => {
    s3.on(GetObjectCommand).rejects(refusal(name, 404)).on(HeadObjectCommand).rejects(refusal(name, 404));
    expect(await files.get('w/a')).toBeUndefined();
    expect(await files.head('w/a')).toBeUndefined();
  });

  it.each([
    ['NoSuchBucket', 404],
    ['AccessDenied', 403],
    ['SlowDown', 503],
    ['InternalError', 500],
  ])('passes on %s as it is', async (name, status) => {
    const fault = refusal(name, status);
    s3.on(GetObjectCommand).rejects(fault).on(HeadObjectCommand).rejects(fault);
    s3.on(CopyObjectCommand).rejects(fault);
    await expect(files.get('w/a')).rejects.toBe(fault);
    await expect(files.get('w/a', { start: 1 })).rejects.toBe(fault);
    await expect(files.head('w/a')).rejects.toBe(fault);
    await expect(files.copy('w/a', 'w/b')).rejects.toBe(fault);
  });

  it('has nothing of a file that went away between two requests', async () => {
    s3.on(GetObjectCommand).rejects(refusal('InvalidRange', 416));
    s3.on(HeadObjectCommand).rejects(refusal('NotFound', 404));
    expect(await files.get('w/a', { start: 5 })).toBeUndefined();
  });

  it('fails, rather than answer with an empty file, when S3 sends no body', async () => {
    s3.on(GetObjectCommand).resolves({});
    await expect(files.get('w/a')).rejects.toThrow('without a stream');
  });

  it('asks for a range in the words of HTTP', async () => {
    s3.on(GetObjectCommand).rejects(refusal('NoSuchKey', 404));
    await files.get('w/a', { start: 5, end: 9 });
    await files.get('w/a', { start: 5 });
    const asked = s3.commandCalls(GetObjectCommand).map(({ args }) => args[0].input.Range);
    expect(asked).toEqual(['bytes=5-9', 'bytes=5-']);
  });

  it('signs an upload for one key, one type and a largest size', async () => {
    const options = { contentType: 'text/csv', maxBytes: 1000, expiresInSeconds: 300 };
    const { url, fields, expiresAt } = await files.signUpload('w/uploads/1', options);
    expect(url).toBe('https://bucket.s3.eu-west-1.amazonaws.com/');
    expect(fields).toMatchObject({
      key: 'w/uploads/1',
      'Content-Type': 'text/csv',
      success_action_status: '204',
    });
    const policy = JSON.parse(Buffer.from(fields.Policy ?? '', 'base64').toString());
    expect(policy.conditions).toEqual(
      expect.arrayContaining([
        ['content-length-range', 0, 1000],
        { bucket: 'bucket' },
        { key: 'w/uploads/1' },
        { 'Content-Type': 'text/csv' },
        { success_action_status: '204' },
      ]),
    );
    expect(Math.abs(Date.parse(policy.expiration) - Date.parse(expiresAt))).toBeLessThan(5000);
  });

  it('signs a download under a name and type', async () => {
    const options = { filename: 'Größe.csv', contentType: 'text/csv', expiresInSeconds: 300 };
    const url = new URL(await files.signDownload('w/a b', options));
    expect(url.pathname).toBe('/w/a%20b');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      'X-Amz-Expires': '300',
      'response-content-type': 'text/csv',
      'response-content-disposition': expect.stringContaining("filename*=UTF-8''Gr%C3%B6%C3%9Fe.csv"),
    });
  });
});
