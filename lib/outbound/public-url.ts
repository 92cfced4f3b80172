import { isIP } from 'node:net';
import { isSpecialAddress } from './special-addresses.ts';

/** Labels of letters, digits, hyphens and underscores, at least two of them. */
const NAME = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/;
/** Names that a network gives to its own: RFC 6761, RFC 8375, and those that ICANN will not give to anybody. */
const OWN = /\.(localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|onion)$/;
/** Below it stand services that do not speak HTTPS. */
const FIRST_FREE_PORT = 1024;

/**
 * Whether an address, as it is written, may be called where others than the operator choose addresses: a Lambda
 * function has the runtime's own API on its loopback. What a name resolves to is for `publicFetch` to check.
 */
export function isPublicHttps({ protocol, username, password, port, hostname }: URL): boolean {
  if (protocol !== 'https:' || username !== '' || password !== '') return false;
  if (port !== '' && Number(port) < FIRST_FREE_PORT) return false;
  const host = hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0) return !isSpecialAddress(host);
  const name = host.replace(/\.$/, '');
  return NAME.test(name) && isIP(name) === 0 && !OWN.test(name);
}
