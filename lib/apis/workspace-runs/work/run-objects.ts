import type { FileStore } from '../../files/ports.ts';

/** The names of every object that an attempt of a document run may write into its folder. */
export const OUTPUT_OBJECT = 'output';
export const REPORT_OBJECT = 'report.json';
export const PREVIEW_OBJECT = 'preview';

/** Removes what an attempt wrote that no run will ever refer to. */
export async function discardObjects(files: FileStore, folder: string): Promise<void> {
  await Promise.all(
    [OUTPUT_OBJECT, REPORT_OBJECT, PREVIEW_OBJECT].map((name) => files.remove(`${folder}/${name}`)),
  );
}
