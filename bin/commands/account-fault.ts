import type { AccountChoice } from '../../lib/adapters/aws/account.ts';
import { Complaint } from './command.ts';

/** What was being done when AWS said no. */
export interface Attempt extends AccountChoice {
  /** As it reads after "may not", such as `read the stacks`. */
  to: string;
}

/**
 * What an operator can do about the ways in which AWS says no; other errors as they are. The names are those
 * that AWS's services give their refusals, and the SDK its own.
 */
export function complaintOf(error: unknown, { to, profile, region }: Attempt): unknown {
  if (error instanceof Complaint || !(error instanceof Error)) return error;
  const { name, message } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const signIn = `aws sso login${profile === undefined ? '' : ` --profile ${profile}`}`;
  switch (name) {
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      if (/expired/i.test(message)) return new Complaint(`Your AWS sign-in has expired: ${signIn}.`);
      return new Complaint(
        profile === undefined
          ? `AWS does not know you: sign in first, for instance with ${signIn}, or name a profile (--profile).`
          : `There are no AWS credentials under the profile '${profile}': aws configure list-profiles names those that there are, and ${signIn} signs in.`,
      );
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'RequestExpired':
      return new Complaint(`Your AWS credentials have expired: sign in again, for instance with ${signIn}.`);
    case 'InvalidClientTokenId':
    case 'UnrecognizedClientException':
    case 'SignatureDoesNotMatch':
    case 'InvalidSignatureException':
      return new Complaint(
        `AWS does not take your credentials (${name}): sign in again, for instance with ${signIn}.`,
      );
    case 'AccessDenied':
    case 'AccessDeniedException':
      return new Complaint(`Your AWS credentials may not ${to}: use those that deployed the platform.`);
    case 'Throttling':
    case 'ThrottlingException':
      return new Complaint(`AWS is asked too much at the moment to ${to}: try again in a minute.`);
  }
  if (/Region is missing/.test(message))
    return new Complaint('Say which region the platform is in: --region, or AWS_REGION.', 2);
  if (/Region not accepted/.test(message))
    return new Complaint(`'${region}' is not the name of an AWS region: eu-west-1 is one.`, 2);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const where = region === undefined ? '' : `, and is '${region}' a region`;
    return new Complaint(`AWS cannot be found (${message}): is there a network${where}?`);
  }
  if (name === 'TimeoutError' || code !== undefined)
    return new Complaint(
      `AWS does not answer (${message}): is there a network, and a way through its proxy?`,
    );
  // Every answer of a service that the SDK makes an error of has this beside it.
  if (!('$metadata' in error)) return error;
  return new Complaint(`AWS did not let us ${to}: ${name}: ${message.split('\n', 1)[0]}`);
}
