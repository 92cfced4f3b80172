import * as z from 'zod';
import { Instant } from '../../../runs/run.ts';
import { FileVersion } from '../file-version.ts';

/** One uploaded content of a document; never changed once written. */
export const DocumentVersion = FileVersion.extend({
  /** See `versionKey`. */
  id: z.string(),
  version: z.int().min(1),
  createdAt: Instant,
});
export type DocumentVersion = z.infer<typeof DocumentVersion>;

export const DocumentRecord = z.object({
  id: z.uuid(),
  version: z.int().min(1),
  name: z.string(),
  current: DocumentVersion.omit({ id: true, version: true }),
  metadata: z.record(z.string(), z.unknown()),
  uploader: z.object({ id: z.uuid(), email: z.string() }),
  createdAt: Instant,
  updatedAt: Instant,
  deletedAt: Instant.optional(),
  lastRunId: z.uuid().optional(),
  /** The latest run of each configuration, to find the one that is still active. */
  runs: z.record(z.uuid(), z.object({ runId: z.uuid(), versionNo: z.int(), at: Instant })).default({}),
  /** How many outputs the document has had; each output is the next version of one output file. */
  outputVersions: z.int().min(0).default(0),
  /** Which output took the latest number: two that count at once must not write the same record. */
  latestOutputId: z.uuid().optional(),
});
export type DocumentRecord = z.infer<typeof DocumentRecord>;

/** A name that a document holds; no two documents of a workspace share one. */
export const DocumentName = z.object({
  id: z.string(),
  version: z.int().min(1),
  documentId: z.uuid(),
  takenAt: Instant,
});
export type DocumentName = z.infer<typeof DocumentName>;

/** An upload that goes straight to the file store and becomes a document when it is completed. */
export const UploadRecord = z.object({
  id: z.uuid(),
  version: z.int().min(1),
  name: z.string(),
  contentType: z.string(),
  fileKey: z.string(),
  createdAt: Instant,
  expiresAt: Instant,
  /**
   * Ids that were planned for what it becomes, the oldest first, by those who completed it: what an upload becomes
   * is of the time when it is completed, not of the time when its form was asked for.
   */
  planned: z.array(z.uuid()).optional(),
  /** What it became, once it has: completing it again makes nothing. */
  documentId: z.uuid().optional(),
});
export type UploadRecord = z.infer<typeof UploadRecord>;
