import * as z from 'zod';
import { isPictureText } from './picture-text.ts';

const MAX_MESSAGES = 200;
const MAX_TEXT_CHARACTERS = 100_000;
/** A version is one record and DynamoDB takes 400 KB: what is left is room for the record around it. */
export const MAX_VERSION_BYTES = 300_000;

const text = z.string().max(MAX_TEXT_CHARACTERS);

const IMAGE = /^(https:\/\/\S+|data:image\/[a-z0-9.+-]+;base64,[A-Za-z0-9+/]+=*|[A-Za-z0-9+/]+=*)$/;
const NO_PICTURE = 'must be an https address, a data:image URL or base64';

// Alternatives have names: generators of clients make a class of each, and cannot of one without.
const TextPart = z.strictObject({ type: z.literal('text'), text: text.min(1) }).meta({ id: 'TextPart' });
const ImagePart = z
  .strictObject({
    type: z.literal('image'),
    image: z.string().regex(IMAGE, { error: NO_PICTURE, abort: true }).refine(isPictureText, NO_PICTURE),
    mediaType: z
      .string()
      .regex(/^image\/[a-z0-9.+-]+$/, 'must be the media type of an image')
      .optional(),
  })
  .meta({ id: 'ImagePart' });
const UserPart = z.discriminatedUnion('type', [TextPart, ImagePart]).meta({ id: 'UserPart' });

/** One message of a prompt, in the shape of the AI SDK's `ModelMessage`. */
export const Message = z
  .discriminatedUnion('role', [
    z.strictObject({ role: z.literal('system'), content: text.min(1) }).meta({ id: 'SystemMessage' }),
    z
      .strictObject({
        role: z.literal('user'),
        content: z.union([text.min(1), z.array(UserPart).min(1).max(50)]),
      })
      .meta({ id: 'UserMessage' }),
    z
      .strictObject({
        role: z.literal('assistant'),
        content: z.union([text.min(1), z.array(TextPart).min(1).max(50)]),
      })
      .meta({ id: 'AssistantMessage' }),
  ])
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

/** As the provider has it. Half a character cannot stand in the address of a request. */
export const ModelName = z
  .string()
  .min(1)
  .max(500)
  .refine((name) => name.isWellFormed(), 'must not have half a character: a surrogate without its other one');

/**
 * What an agent is at one moment; it never changes once it is stored. Texts may hold `{{variables}}`.
 * A version without a model or messages may be kept as a draft, but cannot run: see `isUsable`.
 */
export const AgentVersion = z
  .strictObject({
    model: z.strictObject({ provider_id: z.string().min(1).max(100), name: ModelName }).optional(),
    messages: z.array(Message).max(MAX_MESSAGES).default([]),
    /** Stands before all system messages. */
    instructions: text.optional(),
    temperature: z.number().min(0).max(2).optional(),
    maxOutputTokens: z.int().min(1).max(1_000_000).optional(),
    /** Calls of the model in one run. More than one follows a call of a tool only, and agents have no tools yet. */
    maxSteps: z.int().min(1).max(50).default(5),
    output: z.enum(['text', 'json']).default('text'),
  })
  .superRefine((version, context) => {
    if (Buffer.byteLength(JSON.stringify(version)) <= MAX_VERSION_BYTES) return;
    context.addIssue({ code: 'custom', message: `must not be larger than ${MAX_VERSION_BYTES} bytes` });
  });
export type AgentVersion = z.infer<typeof AgentVersion>;

/** A version that can run. */
export type UsableVersion = AgentVersion & { model: NonNullable<AgentVersion['model']> };

export const isUsable = (version: AgentVersion): version is UsableVersion =>
  version.model !== undefined && version.messages.length > 0;
