import type { Usage } from './usage.ts';

/** Why a run failed, with the sentence that its caller may read. */
const SENTENCES = {
  provider_unauthorized:
    'The model provider refused access. Check its key or credentials, their rights and the balance of the account.',
  provider_rate_limited: 'The model provider allows no more requests at the moment.',
  provider_unavailable: 'The model provider could not be reached or did not complete its answer.',
  provider_timeout: 'The model provider did not answer in time.',
  invalid_model: 'The model provider does not know this model.',
  invalid_request: 'The model provider does not accept this request: a setting or a kind of content.',
  content_filtered: "The model provider's content filter stopped the request or the answer.",
  no_answer: 'The model ended without an answer.',
  invalid_output: 'The model did not answer with valid JSON.',
  context_too_long: 'The messages are longer than the model can take.',
  cancelled: 'The run was cancelled.',
  internal_error: 'The agent could not be run.',
} as const;

export type AgentFailureCode = keyof typeof SENTENCES;

const TRANSIENT: ReadonlySet<AgentFailureCode> = new Set([
  'provider_rate_limited',
  'provider_unavailable',
  'provider_timeout',
]);

export interface AgentFailureDetails {
  message?: string | undefined;
  /** When the provider said that it is worth trying again. */
  retryAfterSeconds?: number | undefined;
  /** The status of the provider's answer, for logs. */
  providerStatus?: number | undefined;
  /** The name of the error underneath, such as `ECONNREFUSED`, for logs. */
  reason?: string | undefined;
  /** What was spent all the same. */
  usage?: Usage | undefined;
}

/**
 * The one error of this room. It can be logged and its message shown: the error underneath is left behind,
 * because errors of providers carry addresses, headers, prompts and what the provider said.
 */
export class AgentFailure extends Error {
  override readonly name = 'AgentFailure';
  readonly code: AgentFailureCode;
  readonly retryAfterSeconds: number | undefined;
  readonly providerStatus: number | undefined;
  readonly reason: string | undefined;
  readonly usage: Usage | undefined;

  constructor(code: AgentFailureCode, details: AgentFailureDetails = {}) {
    super(details.message ?? SENTENCES[code]);
    this.code = code;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.providerStatus = details.providerStatus;
    this.reason = details.reason;
    this.usage = details.usage;
  }

  /** The same request may well succeed later. */
  get isTransient(): boolean {
    return TRANSIENT.has(this.code);
  }
}

/** Of a provider whose address may not be called from here, as it is written or by what its name resolves to. */
export const addressRefused = (): AgentFailure =>
  new AgentFailure('invalid_request', {
    message: 'The address of the model provider may not be called from here.',
  });

/** Of a provider whose port belongs to another protocol, such as 25: no `fetch` ever calls it. */
export const portRefused = (): AgentFailure =>
  new AgentFailure('invalid_request', {
    message:
      'The address of the model provider has a port that is kept for another protocol. Choose another.',
  });
