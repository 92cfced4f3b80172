import * as z from 'zod';

/** One version of a document or of an output: what it is called, and where its content stands. */
export const FileVersion = z.object({
  versionId: z.uuid(),
  no: z.int().min(1),
  filename: z.string(),
  contentType: z.string(),
  byteSize: z.int().min(0),
  fileKey: z.string(),
});
export type FileVersion = z.infer<typeof FileVersion>;
