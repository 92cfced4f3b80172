/** Somebody whom an identity provider has vouched for. */
export interface Subject {
  /** The provider's name for them; members of workspaces are kept by it. */
  sub: string;
  /** The organisation that they act for, if the provider says so. */
  organizationId?: string | undefined;
}

/** Says who a bearer token speaks for. */
export interface TokenVerifier {
  /**
   * Undefined for every token that is not good, whatever is wrong with it.
   * @throws Refused 503 when the provider's keys cannot be read at the moment.
   */
  verify(token: string): Promise<Subject | undefined>;
}

/** Where no identity provider is configured, no token is good. */
export const NO_TOKENS: TokenVerifier = { verify: async () => undefined };
