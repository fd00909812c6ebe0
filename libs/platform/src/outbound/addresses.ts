import { BlockList, isIP } from 'node:net';

const V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
// With the ways to write or to reach an IPv4 address as IPv6: mapped, NAT64, 6to4, Teredo.
const V6 = [
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** Addresses and networks, `10.0.0.0/8` or `::1`, as one list. @throws for what is neither */
export function networksOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
}

// Two lists: Node's holds an IPv4 address against the mapped network, which all of them are in.
const SPECIAL = { 4: networksOf(V4), 6: networksOf(V6) } as const;

/** `fe80::1%eth0` is judged without its zone. */
export function contains(list: BlockList, address: string): boolean {
  const bare = address.split('%')[0] ?? '';
  return list.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}

/** Whether anybody on the Internet could be reached there: no private, local, reserved or translated address (RFC 6890). */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address.split('%')[0] ?? '');
  return (family === 4 || family === 6) && !contains(SPECIAL[family], address);
}
