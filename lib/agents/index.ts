// What agents are. What runs them stands apart in `run-agent.ts`: a bundle that imports it carries the models'
// packages, a megabyte, as files that it would never load.
export { cutConversation, DEFAULT_CONVERSATION_TOKENS, estimateTokens } from './budget.ts';
export type { AgentRequest, Overrides } from './call-model.ts';
export { AgentFailure, type AgentFailureCode } from './failure.ts';
export type { Part } from './parts.ts';
export type { AgentPlatform, AwsCredentials } from './ports.ts';
export { costInUsd, priceOf } from './prices.ts';
export { PROVIDER_TYPES, ProviderSettings, type ProviderType } from './provider.ts';
export type { AgentStream, Answer } from './run-agent.ts';
export type { Summary } from './tally.ts';
export type { Usage } from './usage.ts';
export { Variables } from './variables.ts';
export { AgentVersion, isUsable, Message, ModelName, type UsableVersion } from './version.ts';
