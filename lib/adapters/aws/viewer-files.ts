import { readFile } from 'node:fs/promises';
import type { ViewerFiles } from '../../apis/reference/page.ts';

/** The viewer's files in a folder, which may be the one beside a function's code. */
export const viewerFiles = (folder: URL): ViewerFiles => ({
  read: (name) => readFile(new URL(name, folder)),
});
