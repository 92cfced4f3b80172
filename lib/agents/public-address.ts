import { BlockList, isIP } from 'node:net';

const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv4');

/**
 * For `AgentPlatform.mayCall` where others than the operator choose addresses: a Lambda function has the
 * runtime's own API on its loopback. Looks at the address as written; a name that resolves to a private
 * address passes.
 */
export function isPublicHttps(url: URL): boolean {
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  if (url.protocol !== 'https:' || host.startsWith('[')) return false;
  if (isIP(host) === 4) return !PRIVATE.check(host, 'ipv4');
  return host.includes('.') && !/\.(localhost|local|internal)$/.test(host);
}
