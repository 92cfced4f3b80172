import * as z from 'zod';
import { RETENTION_CLASSES } from '../../files/file-retention.ts';
import { NOT_BLANK } from '../../operation/query.ts';
import { bothSpellings } from '../../operation/spelling.ts';
import { BASE, define, instant, inWorkspace } from '../wire.ts';

export const WorkspaceResource = z
  .object({
    id: z.uuid(),
    name: z.string(),
    processOnUpload: z.boolean(),
    /** Whether what agents were given and what they answered is stored with their runs. */
    keepAgentContent: z.boolean(),
    /** The organisation, as tokens name it, whose people are members without being listed. */
    organizationId: z.string().nullable(),
    activeConfigurationId: z.uuid().nullable(),
    /** In days; null keeps. A run goes by what stood here when it was created. */
    retention: z.object({
      runsDays: z.int().nullable(),
      logsDays: z.int().nullable(),
      outputsDays: z.int().nullable(),
    }),
    version: z.int(),
    createdAt: instant,
  })
  .meta({ id: 'Workspace' });
export type WorkspaceResource = z.infer<typeof WorkspaceResource>;

const days = z.int().min(1).max(3650).nullish();

/** Files are deleted by rules of the bucket, of which there is one for each of these. */
const fileDays = z
  .int()
  .refine((value) => RETENTION_CLASSES.some((known) => known === value), {
    message: `Input should be one of ${RETENTION_CLASSES.join(', ')}`,
  })
  .meta({ enum: [...RETENTION_CLASSES] })
  .nullish();

export const WorkspaceUpdate = bothSpellings({
  name: z.string().trim().min(1).max(100).meta(NOT_BLANK).optional(),
  process_on_upload: z.boolean().optional(),
  keep_agent_content: z.boolean().optional(),
  organization_id: z.string().trim().min(1).max(255).meta(NOT_BLANK).nullish(),
  retention: bothSpellings({ runs_days: days, logs_days: days, outputs_days: fileDays }).optional(),
  version: z.int().min(1).optional(),
});
export type WorkspaceUpdate = z.infer<typeof WorkspaceUpdate>;

export const getWorkspace = define({
  operationId: 'getWorkspace',
  method: 'GET',
  path: BASE,
  summary: 'Get a workspace and its settings',
  permission: 'workspace.read',
  input: { path: inWorkspace },
  success: { status: 200, body: WorkspaceResource },
});

export const updateWorkspace = define({
  operationId: 'updateWorkspace',
  method: 'PATCH',
  path: BASE,
  summary: "Change a workspace's name, what it does with uploads, and how long it keeps runs",
  permission: 'workspace.manage',
  input: { path: inWorkspace, body: WorkspaceUpdate },
  headers: ['If-Match'],
  success: { status: 200, body: WorkspaceResource },
});
