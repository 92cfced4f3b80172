import { readCompletions } from './chat-completions.ts';
import { readConverse } from './converse-stream.ts';
import { echoModel, type Model } from './echo.ts';
import { AgentFailure, addressRefused } from './failure.ts';
import type { AgentPlatform } from './ports.ts';
import type { ProviderSettings } from './provider.ts';
import { providerFetch } from './provider-fetch.ts';

type Settings<Type extends ProviderSettings['type']> = Extract<ProviderSettings, { type: Type }>;

/**
 * The model behind a provider's settings. The packages are loaded when they are needed, so that what only
 * reads or writes agents starts without them.
 */
export async function modelFor(
  provider: ProviderSettings,
  name: string,
  platform: AgentPlatform,
): Promise<Model> {
  switch (provider.type) {
    case 'echo':
      return echoModel(provider);
    case 'bedrock':
      return bedrockModel(provider, name, platform);
    case 'openai-compatible':
      return openAiCompatibleModel(provider, name, platform);
  }
}

async function bedrockModel(
  { region }: Settings<'bedrock'>,
  name: string,
  { awsCredentials, bedrockEndpoint }: AgentPlatform,
): Promise<Model> {
  const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
  const bedrock = createAmazonBedrock({
    fetch: readConverse(providerFetch()),
    ...(region === undefined ? {} : { region }),
    ...(bedrockEndpoint === undefined ? {} : { baseURL: bedrockEndpoint }),
    ...(awsCredentials === undefined
      ? {}
      : {
          credentialProvider: async () => {
            const { sessionToken, ...keys } = await awsCredentials();
            return sessionToken === undefined ? keys : { ...keys, sessionToken };
          },
        }),
  });
  return bedrock(name);
}

async function openAiCompatibleModel(
  { baseUrl, apiKeyRef, apiKeyHeader, headers }: Settings<'openai-compatible'>,
  name: string,
  platform: AgentPlatform,
): Promise<Model> {
  const url = new URL(baseUrl);
  if (platform.mayCall?.(url) === false) {
    throw addressRefused();
  }
  const key = apiKeyRef === undefined ? undefined : await secret(apiKeyRef, platform);
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const provider = createOpenAICompatible({
    name: 'openai-compatible',
    baseURL: baseUrl,
    fetch: readCompletions(providerFetch(platform.fetchProvider)),
    // Without it, streams of these servers report no usage.
    includeUsage: true,
    headers: {
      ...headers,
      ...(key !== undefined && apiKeyHeader !== undefined ? { [apiKeyHeader]: key } : {}),
    },
    ...(key !== undefined && apiKeyHeader === undefined ? { apiKey: key } : {}),
    ...(NEW_TOKEN_LIMIT.test(url.hostname) ? { transformRequestBody: withNewTokenLimit } : {}),
  });
  return provider(name);
}

/** OpenAI's newer models refuse `max_tokens`; others than OpenAI and Azure may not know its successor. */
const NEW_TOKEN_LIMIT = /(^api\.openai\.com|\.openai\.azure\.com)$/;

const withNewTokenLimit = ({ max_tokens, ...body }: Record<string, unknown>): Record<string, unknown> =>
  max_tokens === undefined ? body : { ...body, max_completion_tokens: max_tokens };

/** A key that cannot be a header would be named, whole, in the error of the request. */
async function secret(ref: string, { resolveSecret }: AgentPlatform): Promise<string> {
  const value = await resolveSecret(ref).catch(() => '');
  const key = value.trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  const message = 'The key of the model provider could not be read.';
  throw new AgentFailure('provider_unauthorized', { message });
}
