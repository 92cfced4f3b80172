import * as z from 'zod';
import { define, id } from './wire.ts';

export const createFile = define({
  operationId: 'createFile',
  method: 'POST',
  path: '/files',
  summary: 'Get a form that takes a file straight to the file store',
  permission: 'workspace.runs.manage',
  forAgentKeys: true,
  input: { body: z.object({ file_name: z.string().min(1).max(256), agent_id: id.nullish() }) },
  success: {
    status: 201,
    body: z
      .object({
        id: z.string(),
        file_name: z.string(),
        upload_url: z.string(),
        upload_http_method: z.literal('POST'),
        upload_http_headers: z.record(z.string(), z.string()),
        upload_fields: z.record(z.string(), z.string()),
      })
      .meta({ id: 'ProcessFile' }),
  },
  errors: [404],
  isRepeatable: true,
  uses: { files: ['upload'] },
});
