import * as z from 'zod';
import { NOT_BLANK } from '../../operation/query.ts';
import { bothSpellings } from '../../operation/spelling.ts';
import { BASE, define, instant, inWorkspace, page, pageMeta, workspacePath } from '../wire.ts';
import { CONFIGURATION_STATUSES } from './configuration-record.ts';

const Definition = z.record(z.string(), z.unknown());

export const ConfigurationSummary = z
  .object({
    id: z.uuid(),
    workspaceId: z.uuid(),
    name: z.string(),
    status: z.enum(CONFIGURATION_STATUSES),
    /** Counts the changes; name it in `If-Match` or `version` to change only what you have seen. */
    version: z.int(),
    createdAt: instant,
    updatedAt: instant,
    activatedAt: instant.optional(),
  })
  .meta({ id: 'ConfigurationSummary' });
export type ConfigurationSummary = z.infer<typeof ConfigurationSummary>;

export const ConfigurationResource = ConfigurationSummary.extend({ definition: Definition }).meta({
  id: 'ConfigurationDetails',
});
export type ConfigurationResource = z.infer<typeof ConfigurationResource>;

export const ConfigurationPage = z
  .object({ items: z.array(ConfigurationSummary), meta: pageMeta })
  .meta({ id: 'ConfigurationPage' });

export const ConfigurationCheck = z
  .object({
    valid: z.boolean(),
    errors: z.array(z.object({ path: z.string().optional(), message: z.string(), code: z.string() })),
  })
  .meta({ id: 'ConfigurationCheck' });

const ofConfiguration = z.object({ ...workspacePath, configurationId: z.uuid() });

const name = z.string().trim().min(1).max(100).meta(NOT_BLANK);
const version = z.int().min(1).optional();

export const listConfigurations = define({
  operationId: 'listConfigurations',
  method: 'GET',
  path: `${BASE}/configurations`,
  summary: 'List the configurations of a workspace, newest first, without their definitions',
  permission: 'workspace.configurations.read',
  input: { path: inWorkspace, query: z.strictObject(page) },
  success: { status: 200, body: ConfigurationPage },
});

export const createConfiguration = define({
  operationId: 'createConfiguration',
  method: 'POST',
  path: `${BASE}/configurations`,
  summary:
    'Create a draft of a configuration, from the default one unless a definition is given, and publish it if asked to',
  permission: 'workspace.configurations.manage',
  input: {
    path: inWorkspace,
    body: bothSpellings({
      name,
      definition: Definition.nullish(),
      publish: z
        .boolean()
        .default(false)
        .describe('Puts it in force at once; one that is not valid is refused, and nothing of it is kept'),
    }),
  },
  success: { status: 201, body: ConfigurationResource },
  errors: [409],
});

export const getConfiguration = define({
  operationId: 'getConfiguration',
  method: 'GET',
  path: `${BASE}/configurations/{configurationId}`,
  summary: 'Get a configuration with its definition',
  permission: 'workspace.configurations.read',
  input: { path: ofConfiguration },
  success: { status: 200, body: ConfigurationResource },
});

export const updateConfiguration = define({
  operationId: 'updateConfiguration',
  method: 'PATCH',
  path: `${BASE}/configurations/{configurationId}`,
  summary: "Change a draft's name, or replace its definition",
  permission: 'workspace.configurations.manage',
  input: {
    path: ofConfiguration,
    body: bothSpellings({ name: name.optional(), definition: Definition.optional(), version }),
  },
  headers: ['If-Match'],
  success: { status: 200, body: ConfigurationResource },
  errors: [409],
});

export const validateConfiguration = define({
  operationId: 'validateConfiguration',
  method: 'POST',
  path: `${BASE}/configurations/{configurationId}/validate`,
  summary: 'Say what is wrong with a configuration, and where',
  permission: 'workspace.configurations.read',
  input: { path: ofConfiguration },
  success: { status: 200, body: ConfigurationCheck },
  isRepeatable: true,
  uses: { table: 'read' },
});

export const publishConfiguration = define({
  operationId: 'publishConfiguration',
  method: 'POST',
  path: `${BASE}/configurations/{configurationId}/publish`,
  summary: "Make a draft the workspace's active configuration and archive the one before",
  permission: 'workspace.configurations.manage',
  input: { path: ofConfiguration },
  headers: ['If-Match'],
  success: { status: 200, body: ConfigurationResource },
  errors: [409],
});

export const archiveConfiguration = define({
  operationId: 'archiveConfiguration',
  method: 'POST',
  path: `${BASE}/configurations/{configurationId}/archive`,
  summary: 'Put away a configuration that is not the active one',
  permission: 'workspace.configurations.manage',
  input: { path: ofConfiguration },
  headers: ['If-Match'],
  success: { status: 200, body: ConfigurationResource },
  errors: [409],
  isRepeatable: true,
});
