import { BlockList, isIP } from 'node:net';

/**
 * What IANA's registry of special-purpose IPv4 addresses holds, multicast and what is reserved, whether some of
 * it can be reached or not: no server that anybody means to call stands there. The last one is how machines of
 * a cloud reach the host they are on.
 */
const IPV4 = blockList('ipv4', [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24'],
  ...['192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
]);

/** All that IANA has given out as global unicast; what maps, translates or is local lies outside of it. */
const IPV6_UNICAST = blockList('ipv6', ['2000::/3']);
/** And what is special within it: protocols and Teredo, documentation, 6to4, AS112. */
const IPV6 = blockList('ipv6', [
  ...['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'],
]);

/** Whether an address is none of the public Internet's, or no address at all. */
export function isSpecialAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return IPV4.check(address, 'ipv4');
  // With a zone, it is of one network by its own word.
  if (family !== 6 || address.includes('%')) return true;
  return !IPV6_UNICAST.check(address, 'ipv6') || IPV6.check(address, 'ipv6');
}

function blockList(family: 'ipv4' | 'ipv6', networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
