/**
 * Packages that the SDK imports only when it looks for credentials elsewhere than in the environment,
 * which in Lambda it never does. Bundles leave them out: a quarter of a small function.
 */
export const NEVER_LOADED: readonly string[] = [
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];
