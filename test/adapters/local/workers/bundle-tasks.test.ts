import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleTasks } from '../../../../lib/adapters/local/workers/bundle-tasks.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const only = (callFunction: URL) => ({ document: {}, functions: {}, callFunction });

/** A module and one that it imports, in a folder of their own. */
async function aTask(source: string): Promise<{ module: URL; folder: string }> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'source'));
  await writeFile(join(folder, 'source', 'task.ts'), source);
  await writeFile(join(folder, 'source', 'words.ts'), "export const said: string = 'hello';\n");
  return { module: pathToFileURL(join(folder, 'source', 'task.ts')), folder: join(folder, 'made') };
}

describe('bundleTasks', () => {
  it('makes one file of a module and of what it imports', async () => {
    const { module, folder } = await aTask(
      "import { said } from './words.ts';\nexport default () => said;\n",
    );
    const { callFunction } = await bundleTasks(only(module), folder);
    const { default: task } = (await import(callFunction.href)) as { default: () => unknown };

    expect(callFunction.href.startsWith(pathToFileURL(folder).href)).toBe(true);
    expect(task()).toBe('hello');
  });

  it('leaves packages where they are, so that the bundle may lie anywhere', async () => {
    const { module, folder } = await aTask(
      "import { v7 } from 'uuid';\nimport { sep } from 'node:path';\nexport default () => v7() + sep;\n",
    );
    const { callFunction } = await bundleTasks(only(module), folder);
    const { default: task } = (await import(callFunction.href)) as { default: () => string };

    expect(task()).toMatch(/^[0-9a-f-]{36}/);
    expect(await readFile(callFunction, 'utf8')).toMatch(/from "file:.*\/node_modules\/uuid\//);
  });

  it('keeps every name, and takes JavaScript as it is', async () => {
    const { module, folder } = await aTask('export default () => 1;\n');
    const ready = new URL('file:///tasks/ready.mjs');
    const bundled = await bundleTasks(
      { document: { ProcessDocument: module }, functions: { 'check-line': ready }, callFunction: module },
      folder,
    );

    expect(bundled.document.ProcessDocument?.pathname).toMatch(/\.mjs$/);
    expect(bundled.functions).toEqual({ 'check-line': ready });
    expect(bundled.callFunction).toEqual(bundled.document.ProcessDocument);
  });

  it('says which line cannot be read', async () => {
    const { module, folder } = await aTask('export default () => {\n');

    await expect(bundleTasks(only(module), folder)).rejects.toThrow(/task\.ts:\d+/);
  });
});
