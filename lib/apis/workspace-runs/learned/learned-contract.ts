import * as z from 'zod';
import { bothSpellings } from '../../operation/spelling.ts';
import { BASE, define, instant, workspacePath } from '../wire.ts';
import { MAX_LEARNED_TEXT } from './learned-record.ts';

const count = z.int().min(1);
const heard = { count, last: instant };

const learnedHeader = z.object({
  field: z.string().nullable().describe('Null where such columns are no field'),
  ...heard,
});
const learnedValue = z.object({
  to: z.string().nullable().describe('Null where there is no value'),
  ...heard,
});

export const Learned = z
  .object({
    headers: z.record(z.string(), learnedHeader).describe('By header: its plain words, joined by a space'),
    values: z
      .record(z.string(), z.record(z.string(), learnedValue))
      .describe('By field, and in it by the text that is replaced'),
  })
  .meta({ id: 'Learned' });
export type Learned = z.infer<typeof Learned>;

const text = z.string().max(MAX_LEARNED_TEXT);
const told = { count: count.max(1_000_000).default(1), last: z.iso.datetime().optional() };

export const LearnedReplacement = bothSpellings({
  headers: z.record(text, z.strictObject({ field: text.nullable(), ...told })).default({}),
  values: z.record(text, z.record(text, z.strictObject({ to: text.nullable(), ...told }))).default({}),
});
export type LearnedReplacement = z.infer<typeof LearnedReplacement>;

const ofConfiguration = z.object({ ...workspacePath, configurationId: z.uuid() });
const path = `${BASE}/configurations/{configurationId}/learned` as const;

export const getLearned = define({
  operationId: 'getLearned',
  method: 'GET',
  path,
  summary: 'Get what a configuration has learned from corrections',
  permission: 'workspace.configurations.read',
  input: { path: ofConfiguration },
  success: { status: 200, body: Learned },
});

export const replaceLearned = define({
  operationId: 'replaceLearned',
  method: 'PUT',
  path,
  summary: 'Replace what a configuration has learned, by what was edited or another configuration knew',
  permission: 'workspace.configurations.manage',
  input: { path: ofConfiguration, body: LearnedReplacement },
  headers: ['If-Match'],
  success: { status: 200, body: Learned },
  errors: [503],
});

export const forgetLearned = define({
  operationId: 'forgetLearned',
  method: 'DELETE',
  path,
  summary: 'Forget what a configuration has learned, or what it has learned of one header',
  permission: 'workspace.configurations.manage',
  input: {
    path: ofConfiguration,
    query: bothSpellings({
      header: z.string().optional().describe('Compared by its plain words, as headers of files are'),
    }),
  },
  success: { status: 204, body: 'empty' },
});
