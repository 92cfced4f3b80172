import * as z from 'zod';

/** Headers that carry a secret or frame the request. A secret belongs behind `apiKeyRef`. */
const RESERVED_HEADERS =
  /^(authorization|proxy-.*|cookie|.*(api-?key|token|secret|password).*|host|content-.*|transfer-encoding|connection|expect|te|trailer|upgrade|keep-alive)$/i;

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header');

/** With one of these the request cannot be sent, or says of itself what is not so. */
const FRAMING_HEADERS =
  /^(host|content-.*|transfer-encoding|connection|expect|te|trailer|upgrade|keep-alive)$/i;

const Headers = z
  .record(
    headerName.refine((name) => !RESERVED_HEADERS.test(name), 'must not be a header that carries a secret'),
    z.string().regex(/^[\x20-\x7e]{0,1000}$/, 'must be printable ASCII'),
  )
  .refine((headers) => Object.keys(headers).length <= 20, 'must not be more than 20');

/** The address up to the path that `/chat/completions` is appended to, hence without a query. */
const baseUrl = z
  .string()
  .max(1000)
  .superRefine((value, context) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    const problem =
      url === undefined || !/^https?:$/.test(url.protocol)
        ? 'must be an http or https address'
        : url.username !== '' || url.password !== '' || /[?#]/.test(value)
          ? 'must not have a user, a password, a query or a fragment'
          : undefined;
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  // As far as a pattern tells, for those who read the description.
  .meta({
    pattern:
      '^https?://(([A-Za-z0-9_-]+\\.)*[A-Za-z][A-Za-z0-9_-]*|\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:]+\\])(:\\d{1,5})?(/[^?#\\s]*)?$',
  });

const Echo = z
  .strictObject({
    type: z.literal('echo'),
    /** Makes the answer as slow as a model's, for trying streams out. */
    msPerWord: z.int().min(0).max(10_000).optional(),
  })
  .meta({ id: 'EchoSettings' });
const Bedrock = z
  .strictObject({
    type: z.literal('bedrock'),
    /** The function's own region without it. */
    region: z
      .string()
      .max(50)
      .regex(/^[a-z]{2,5}(-[a-z]+)+-\d$/, 'must be the name of an AWS region')
      .optional(),
  })
  .meta({ id: 'BedrockSettings' });
const OpenAiCompatible = z
  .strictObject({
    type: z.literal('openai-compatible'),
    baseUrl,
    /** The name under which the platform keeps the key; never the key. Servers on a laptop need none. */
    apiKeyRef: z
      .string()
      .regex(/^[A-Za-z0-9_./-]{1,500}$/, 'must be the name of a secret')
      .optional(),
    /** Sends the key as it is under this header, instead of as `Authorization: Bearer`. */
    apiKeyHeader: headerName
      .refine((name) => !FRAMING_HEADERS.test(name), 'must not be a header that frames the request')
      .optional(),
    headers: Headers.optional(),
  })
  .meta({ id: 'OpenAiCompatibleSettings' });

/** How to reach a model. Holds no secret, so it may be shown to whoever may manage agents. */
export const ProviderSettings = z
  .discriminatedUnion('type', [Echo, Bedrock, OpenAiCompatible])
  .meta({ id: 'ProviderSettings' });
export type ProviderSettings = z.infer<typeof ProviderSettings>;
export type ProviderType = ProviderSettings['type'];

export const PROVIDER_TYPES: readonly ProviderType[] = ['echo', 'bedrock', 'openai-compatible'];
