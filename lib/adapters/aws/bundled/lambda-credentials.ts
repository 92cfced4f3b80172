import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Takes the place of `@aws-sdk/credential-provider-node` in bundles. A Lambda function always finds its
 * credentials in its environment, so the chain behind that (profiles, SSO, browser login, instance metadata
 * and the STS clients they need) is a fifth of a handler's bundle that can never run.
 */
export const defaultProvider = fromEnv;
