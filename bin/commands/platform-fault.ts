import { RunplaneError } from '../../lib/client/index.ts';
import type { Address, Found } from './address.ts';
import { Complaint } from './command.ts';

/** What an operator can do about what went wrong between here and the platform; other errors as they are. */
export function complaintOf(error: unknown, address: Address): unknown {
  if (error instanceof RunplaneError)
    return new Complaint(
      error.status === undefined || !isRefusal(error)
        ? unreached(error, address.url)
        : refused(error, error.status, address),
    );
  // What the client says of a key does not repeat it.
  if (error instanceof TypeError && error.message.startsWith('The apiKey '))
    return new Complaint(
      `The key from ${address.find('key', 'API_KEY')?.from} has characters that no key has: was it copied whole?`,
      2,
    );
  return error;
}

/** Every API says no in an object. */
const isRefusal = ({ code, body }: RunplaneError): boolean =>
  code !== 'bad_answer' && typeof body === 'object' && body !== null;

function refused({ message }: RunplaneError, status: number, { find }: Address): string {
  const said = message.replace(/\.$/, '');
  const saying = `${status}: ${said}`;
  const who = `The key from ${find('key', 'API_KEY')?.from}`;
  switch (status) {
    case 401:
      return `${who} is not taken (${saying}): was it revoked, or is it of another platform?`;
    case 403:
      return `${who} may not do this (${saying}): use one of an owner of the workspace.`;
    case 404: {
      const workspace = find('workspace', 'WORKSPACE_ID');
      if (said.startsWith('Workspace') && workspace !== undefined)
        return `${saying}: is ${workspace.value} from ${workspace.from} of this platform?`;
      return /\brun\b/i.test(said)
        ? `${saying}: runplane runs list shows those that there are.`
        : `${saying}.`;
    }
    case 429:
    case 503:
      return /try again/i.test(said) ? `${saying}.` : `${saying}: try again in a moment.`;
    default:
      return `${saying}.`;
  }
}

function unreached(error: RunplaneError, { value: url, from }: Found): string {
  const isItRight = `is the address right (${from})`;
  if (error.status !== undefined) {
    const answered = error.code === 'bad_answer' ? '' : ` (it answers ${error.status})`;
    return `What answers at ${url} is not Runplane${answered}: ${isItRight}?`;
  }
  if (error.code === 'timeout') return `${url} takes too long to answer: try again in a while.`;
  if (error.code === 'cut') return `${error.message}.`;
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `There is no ${new URL(url).host} to be found: ${isItRight}, and is there a network?`;
  if (/CERT|TLS|SSL/.test(code)) return `${url} cannot be trusted (${code}): ${isItRight}?`;
  return from.endsWith('demo.env')
    ? `Nothing answers at ${url}, where the local platform was last: start it (npm start), or name another (--stage, --url).`
    : `Nothing answers at ${url}: is the platform up, and ${isItRight}?`;
}

/** Of the error below all others, the one that knows what happened. */
function codeOf(error: Error): string {
  // A retry that fails has the failure before as its cause, which has one of its own in the end.
  if (error.cause instanceof Error) return codeOf(error.cause);
  const [first] = error instanceof AggregateError ? error.errors : [];
  const deepest = first instanceof Error ? first : error;
  return 'code' in deepest ? String(deepest.code) : '';
}
