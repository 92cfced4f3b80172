import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDevelopmentIssuer } from '../../../lib/adapters/local/development-issuer.ts';
import { FolderError } from '../../../lib/adapters/local/folder-error.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-issuer-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each(['', '{', 'null', '{}', '"key"', '{"kty":"RSA"}'])(
  'a key file of %j is named, with what to do',
  async (text) => {
    const file = join(folder, 'issuer.json');
    await writeFile(file, text);

    const opened = openDevelopmentIssuer(folder, () => new Date());

    await expect(opened).rejects.toThrow(FolderError);
    await expect(opened).rejects.toThrow(`${file} is not the key`);
  },
);
