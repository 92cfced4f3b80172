import * as z from 'zod';
import { type InputShape, operation, type Success } from '../operation/operation.ts';
import { NOT_BLANK } from '../operation/query.ts';
import { SHOWN_AS } from '../operation/wire-schema.ts';
import { dialectOf } from './dialect.ts';

/** The API of AgileMantis: a project is a workspace, an assistant one of its agents. */
export const PROJECT = '/api/projects/{projectId}';
export const THREADS = `${PROJECT}/threads`;
export const THREAD = `${THREADS}/{threadId}`;
export const RUNS = `${THREAD}/runs`;

/** Ids are any text: what is none of ours is simply not found. */
export const ofProject = z.object({ projectId: z.string() });
export const ofThread = z.object({ projectId: z.string(), threadId: z.string() });
export const ofRun = z.object({ projectId: z.string(), threadId: z.string(), runId: z.string() });

export const instant = z.string().meta({ format: 'date-time' });

/** The bounds that the vendor documents, in UTF-16 units as .NET counts them. */
export const MAX_MESSAGE = 4000;
const MAX_INSTRUCTIONS = 2000;

export const message = z
  .string()
  .refine((text) => text.trim() !== '', 'The Message field is required.')
  .refine(
    ({ length }) => length >= 1 && length <= MAX_MESSAGE,
    `Message must be between 1 and ${MAX_MESSAGE} characters`,
  )
  .meta({ ...NOT_BLANK, minLength: 1, maxLength: MAX_MESSAGE });

export const instructions = z
  .string()
  .refine(
    ({ length }) => length <= MAX_INSTRUCTIONS,
    `Instructions must not exceed ${MAX_INSTRUCTIONS} characters`,
  )
  .meta({ maxLength: MAX_INSTRUCTIONS })
  .nullish();

/** An object whose members may be written in any case, as ASP.NET Core reads them; others are ignored. */
export function anyCase<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]));
  const fold = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([sent, member]) => {
        const name = names.get(sent.toLowerCase());
        return name === undefined ? [] : [[name, member]];
      }),
    );
  };
  return z.preprocess(fold, z.object(shape));
}

const bound = { pattern: '^\\w+$' };

/** Bounds of a list are ids of what it lists; those of another shape are the verb's to refuse. */
export const page = z.object({
  limit: z
    .string()
    .regex(/^\s*[+-]?\d{1,9}\s*$/)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 100, 'The field Limit must be between 1 and 100.')
    .prefault('20')
    .meta({ [SHOWN_AS]: { type: 'integer', minimum: 1, maximum: 100 } }),
  order: z
    .string()
    .transform((order) => order.toLowerCase())
    .pipe(z.enum(['asc', 'desc']))
    .prefault('desc')
    .meta({ [SHOWN_AS]: { type: 'string', enum: ['asc', 'desc'] } }),
  after: z
    .string()
    .meta({ ...bound, description: 'Not together with `before`' })
    .optional(),
  before: z
    .string()
    .meta({ ...bound, description: 'Not together with `after`' })
    .optional(),
});
export type Page = z.infer<typeof page>;

/** What a page says beside its items. */
export const paging = {
  hasMore: z.boolean(),
  limit: z.int(),
  nextCursor: z.string().nullable(),
  previousCursor: z.string().nullable(),
  order: z.enum(['asc', 'desc']),
};

type Definition<Input extends InputShape, Ok extends Success> = Omit<
  Parameters<typeof operation<Input, Ok>>[0],
  'api' | 'dialect' | 'aliases' | 'acceptsTokens'
> & {
  /** What its caller reads when it fails through no fault of theirs. */
  failed: string;
};

/** The vendor's own clients name the team before the project; it is not looked at further. */
export const define = <const Input extends InputShape, const Ok extends Success>({
  failed,
  ...value
}: Definition<Input, Ok>) =>
  operation<Input, Ok>({
    ...value,
    api: 'thread-runs',
    dialect: dialectOf(failed),
    acceptsTokens: true,
    aliases: [value.path.replace(/^\/api/, '/api/teams/{teamId}')],
  });
