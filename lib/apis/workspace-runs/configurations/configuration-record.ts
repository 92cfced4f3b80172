import * as z from 'zod';
import { Instant } from '../../../runs/run.ts';

export const CONFIGURATION_STATUSES = ['draft', 'active', 'archived'] as const;

/** A configuration of a workspace: the declarative rules that a document is normalised by. */
export const ConfigurationRecord = z.object({
  id: z.uuid(),
  version: z.int().min(1),
  name: z.string().min(1).max(100),
  status: z.enum(CONFIGURATION_STATUSES),
  /** As `lib/spreadsheets` defines it; checked there whenever it is read or written. */
  definition: z.record(z.string(), z.unknown()),
  createdAt: Instant,
  updatedAt: Instant,
  activatedAt: Instant.optional(),
});
export type ConfigurationRecord = z.infer<typeof ConfigurationRecord>;
