import type { LanguageModelMiddleware } from 'ai';
import type { Deadline } from './deadline.ts';
import { fetchPicture } from './fetch-picture.ts';
import { modelFor } from './model-for.ts';
import type { AgentPlatform } from './ports.ts';
import { buildPrompt, type PromptRequest } from './prompt.ts';
import type { ProviderSettings } from './provider.ts';

export interface AgentRequest extends PromptRequest {
  provider: ProviderSettings;
  overrides?: Overrides | undefined;
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal | undefined;
  timeoutMs: number;
}

/** What a caller may set in place of the version's own. */
export interface Overrides {
  /** Another model of the same provider, by name. */
  model?: string | undefined;
  temperature?: number | undefined;
  maxOutputTokens?: number | undefined;
}

const JSON_MODE: LanguageModelMiddleware = {
  specificationVersion: 'v3',
  transformParams: async ({ params }) => ({ ...params, responseFormat: { type: 'json' } }),
};

/** Everything that both ways of calling the model have in common. */
export async function prepareCall(request: AgentRequest, platform: AgentPlatform, deadline: Deadline) {
  const { version, overrides = {} } = request;
  const { system, messages, tokens } = buildPrompt(request);
  const modelName = overrides.model ?? version.model.name;
  const [ai, model] = await Promise.all([import('ai'), modelFor(request.provider, modelName, platform)]);
  // Warnings travel in `start-step`; the SDK would print them among the lines of a structured log.
  globalThis.AI_SDK_LOG_WARNINGS = false;

  const temperature = overrides.temperature ?? version.temperature;
  const maxOutputTokens = overrides.maxOutputTokens ?? version.maxOutputTokens;
  const options = {
    model:
      version.output === 'json'
        ? // Models without a JSON mode tend to wrap it in a code fence, told or not.
          ai.wrapLanguageModel({ model, middleware: [JSON_MODE, ai.extractJsonMiddleware()] })
        : model,
    messages,
    ...(system === undefined ? {} : { system }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    // A further step would answer a call of a tool, and agents have none: `maxSteps` waits for them.
    stopWhen: ai.stepCountIs(1),
    abortSignal: deadline.signal,
    /**
     * The SDK's own repeating is off: it waits two seconds before the first and obeys `Retry-After` up to a
     * minute, in a function that is paid by the millisecond and in front of a caller who waits, so that a
     * provider that is down takes 6.3 s to fail. `providerFetch` repeats lost connections at once; the
     * rest (`isTransient`) is repeated by who runs agents without a caller: the state machines.
     */
    maxRetries: 0,
    experimental_download: (pictures: { url: URL; isUrlSupportedByModel: boolean }[]) =>
      Promise.all(
        pictures.map(async ({ url, isUrlSupportedByModel }) =>
          isUrlSupportedByModel ? null : fetchPicture(url, deadline.signal, platform.fetchPicture),
        ),
      ),
  };
  return { ai, options, promptTokens: tokens, modelName };
}
