import * as z from 'zod';
import { define } from './wire.ts';

export const getHealth = define({
  operationId: 'getHealth',
  method: 'GET',
  path: '/health',
  summary: 'Say that the platform is up',
  permission: null,
  input: {},
  success: { status: 200, body: z.object({ status: z.literal('OK') }).meta({ id: 'Health' }) },
});
