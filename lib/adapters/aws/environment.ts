import * as z from 'zod';

/** Names of the environment variables. Constructs write them and functions read them by these constants. */
export const RUNPLANE_TABLE = 'RUNPLANE_TABLE';
export const RUNPLANE_BUCKET = 'RUNPLANE_BUCKET';
export const RUNPLANE_DOCUMENT_MACHINE = 'RUNPLANE_DOCUMENT_MACHINE';
export const RUNPLANE_THREAD_MACHINE = 'RUNPLANE_THREAD_MACHINE';
export const RUNPLANE_AGENT_MACHINE = 'RUNPLANE_AGENT_MACHINE';
export const RUNPLANE_SECRETS = 'RUNPLANE_SECRETS';
export const RUNPLANE_REQUEST_BYTES = 'RUNPLANE_REQUEST_BYTES';
export const RUNPLANE_CORS_ORIGINS = 'RUNPLANE_CORS_ORIGINS';
export const RUNPLANE_STAGE = 'RUNPLANE_STAGE';
export const RUNPLANE_TOKEN_ISSUER = 'RUNPLANE_TOKEN_ISSUER';
export const RUNPLANE_TOKEN_AUDIENCE = 'RUNPLANE_TOKEN_AUDIENCE';
export const RUNPLANE_TOKEN_JWKS_URI = 'RUNPLANE_TOKEN_JWKS_URI';
export const RUNPLANE_TOKEN_ORGANIZATION_CLAIM = 'RUNPLANE_TOKEN_ORGANIZATION_CLAIM';

/** Largest body that reaches a function whole: 6 MB of Lambda payload, less base64 and the form around it. */
const REQUEST_BYTES = 4 * 1024 * 1024;

/** What every function is given. */
const Core = z.object({
  [RUNPLANE_TABLE]: z.string().min(1),
  [RUNPLANE_REQUEST_BYTES]: z.coerce.number().int().positive().default(REQUEST_BYTES),
  /** Whose metrics the log makes; without it, none. */
  [RUNPLANE_STAGE]: z.string().min(1).optional(),
  /** With commas between them. */
  [RUNPLANE_CORS_ORIGINS]: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((origin) => origin !== '')),
});

/** What only functions that touch files, or only those that start and stop runs, are given. */
const Files = z.object({ [RUNPLANE_BUCKET]: z.string().min(1) });
const Executor = z.object({
  [RUNPLANE_DOCUMENT_MACHINE]: z.string().startsWith('arn:'),
  [RUNPLANE_THREAD_MACHINE]: z.string().startsWith('arn:'),
});

/** What only functions that call models, or wait for those that do, are given. */
const Models = z.object({
  /** Under which path of Parameter Store the secrets of workspaces stand. */
  [RUNPLANE_SECRETS]: z.string().regex(/^(\/[\w.-]+)+$/),
});
const Waited = z.object({ [RUNPLANE_AGENT_MACHINE]: z.string().startsWith('arn:') });

/** Whose tokens are good; a platform without a provider takes keys only. */
const Tokens = z.object({
  [RUNPLANE_TOKEN_ISSUER]: z.url({ protocol: /^https$/ }),
  [RUNPLANE_TOKEN_AUDIENCE]: z.string().min(1),
  [RUNPLANE_TOKEN_JWKS_URI]: z.url({ protocol: /^https$/ }).optional(),
  [RUNPLANE_TOKEN_ORGANIZATION_CLAIM]: z.string().min(1).optional(),
});

/** Reads the variables of one part of the platform. @throws Error that names every variable that is wrong. */
const reader =
  <T>(schema: z.ZodType<T>) =>
  (variables: Record<string, string | undefined> = process.env): T => {
    const parsed = schema.safeParse(variables);
    if (parsed.success) return parsed.data;
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`Environment is not complete. ${wrong.join('. ')}`);
  };

export const coreEnvironment = reader(Core);
export const filesEnvironment = reader(Files);
export const executorEnvironment = reader(Executor);
export const modelsEnvironment = reader(Models);
export const waitedEnvironment = reader(Waited);
export const tokensEnvironment = reader(Tokens);
