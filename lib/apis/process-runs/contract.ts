import * as z from 'zod';
import { operation } from '../operation.ts';
import { dialect } from './dialect.ts';

export const getHealth = operation({
  operationId: 'getHealth',
  api: 'process-runs',
  method: 'GET',
  path: '/health',
  summary: 'Say that the platform is up',
  permission: null,
  input: {},
  consumes: 'nothing',
  success: { status: 200, body: z.object({ status: z.literal('OK') }).meta({ id: 'Health' }) },
  errors: [],
  dialect,
});

export const processRunsOperations = [getHealth] as const;
