import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['.', 'docs', 'docs/decisions', 'lib/client'];

const documents = (
  await Promise.all(
    FOLDERS.map(async (folder) =>
      (
        await readdir(join(ROOT, folder))
      )
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(folder, name)),
    ),
  )
).flat();

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

const anchorsOf = (text: string): string[] =>
  [...text.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    anchorOf(heading),
  );

describe.each(documents)('%s', (document) => {
  it('links only to what is there', async () => {
    const text = await readFile(join(ROOT, document), 'utf8');
    const links = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(
      ([, link = '']) => link,
    );

    const broken: string[] = [];
    for (const link of links) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : join(dirname(document), path);
      const isThere = existsSync(join(ROOT, target));
      const anchors =
        isThere && anchor !== undefined ? anchorsOf(await readFile(join(ROOT, target), 'utf8')) : [];
      if (!isThere || (anchor !== undefined && !anchors.includes(anchor))) broken.push(link);
    }

    expect(broken).toEqual([]);
  });
});
