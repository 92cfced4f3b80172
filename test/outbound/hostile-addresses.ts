/** Addresses of the special ranges of IPv4, at both ends of each. */
const IPV4 = [
  ...['0.0.0.0', '0.0.0.1', '0.255.255.255', '10.0.0.0', '10.0.0.1', '10.255.255.255', '100.64.0.0'],
  ...['100.100.100.200', '100.127.255.255', '127.0.0.1', '127.0.1.1', '127.255.255.254', '169.254.0.1'],
  ...['169.254.169.254', '169.254.170.2', '169.254.169.253', '172.16.0.0', '172.20.1.1', '172.31.255.255'],
  ...['192.0.0.0', '192.0.0.8', '192.0.0.170', '192.0.0.192', '192.0.0.255', '192.0.2.1', '192.0.2.255'],
  ...['192.31.196.1', '192.52.193.1', '192.88.99.0', '192.88.99.1', '192.168.0.0', '192.168.1.7'],
  ...['192.168.255.255', '192.175.48.1', '198.18.0.0', '198.18.0.1', '198.19.255.255', '198.51.100.0'],
  ...['198.51.100.7', '203.0.113.0', '203.0.113.255', '224.0.0.0', '224.0.0.1', '233.252.0.1'],
  ...['239.255.255.255', '240.0.0.0', '240.0.0.1', '250.1.2.3', '255.255.255.254', '255.255.255.255'],
  '168.63.129.16',
];

const IPV6 = [
  ...['::', '::1', '::2', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:169.254.169.254'],
  ...['::ffff:8.8.8.8', '::ffff:0:127.0.0.1', '0:0:0:0:0:ffff:7f00:1', '::ffff:a9fe:a9fe', '64:ff9b::1'],
  ...[
    '64:ff9b::127.0.0.1',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::1',
    '64:ff9b:1:ffff::10.0.0.1',
    '100::',
    '100::1',
  ],
  ...['100:0:0:1::1', '2001::1', '2001:0:7f00:1::', '2001:1::1', '2001:2::1', '2001:3::1', '2001:4:112::1'],
  ...['2001:10::1', '2001:20::1', '2001:30::1', '2001:1ff:ffff::1', '2001:db8::1', '2001:db8:ffff::1'],
  ...[
    '2002::1',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
    '2620:4f:8000::1',
    '3fff::1',
    '3fff:fff::1',
    '5f00::1',
  ],
  ...[
    '4000::1',
    '8000::1',
    'fc00::1',
    'fd00::1',
    'fd00:ec2::254',
    'fdff:ffff::1',
    'fe80::1',
    'fe80::a9fe:a9fe',
  ],
  ...['febf::1', 'fec0::1', 'feff::1', 'ff00::1', 'ff01::1', 'ff02::1', 'ff05::2', 'ff0e::1'],
  ...['1::1', '200::1', '400::1'],
];

/** Other ways of writing them, which an address parser takes for the same. */
const SPELLINGS = [
  ...['2130706433', '0x7f000001', '0x7f.0.0.1', '0x7f.1', '0177.0.0.1', '017700000001', '127.1', '127.0.1'],
  ...['127.0.0.1.', '0', '0x0', '00', '0.0', '0x7F.0x0.0x0.0x1', '127.0.0.0x1', '3232235777', '0xc0a80107'],
  ...[
    '192.168.263',
    '192.11010048.',
    '2852039166',
    '0xa9fea9fe',
    '0xa9.0xfe.0xa9.0xfe',
    '0251.0376.0251.0376',
  ],
  ...['169.16689662', '169.254.43518', '169.254.169.254.', '１２７.０.０.１', '①②⑦.0.0.1', '127。0。0。1'],
  ...[
    '127．0．0．1',
    '%31%32%37.0.0.1',
    '1%32%37.0.0.1',
    '10.1',
    '012.1',
    '0xa.1',
    '172.1048577',
    '4294967295',
  ],
];

const NAMES = [
  ...['localhost', 'LOCALHOST', 'localhost.', 'x.localhost', 'a.b.localhost.', 'localhost.localdomain', 'db'],
  ...['intranet', 'db.local', 'db.local.', 'metadata.google.internal', 'metadata.google.internal.'],
  ...['ip-10-0-0-1.ec2.internal', 'instance-data.ec2.internal', 'router.lan', 'nas.home', 'x.home.arpa'],
  ...['wiki.corp', 'x.private', 'x.intranet', 'duskgytldkxiuqc6.onion', 'example.com..', 'localhost..'],
  ...['ｌocalhost', 'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ', 'local%68ost', '-', '_', `${'a'.repeat(64)}.example.com`],
  `${'abcdefgh.'.repeat(40)}com`,
];

/** What is hostile beside the host. */
const WHOLE = [
  ...['http://api.example.com/', 'ftp://api.example.com/', 'file:///etc/passwd', 'data:text/plain,x'],
  ...['ws://api.example.com/', 'wss://api.example.com/', 'gopher://api.example.com/', 'javascript:1'],
  ...[
    'https://user@api.example.com/',
    'https://user:pass@api.example.com/',
    'https://:pass@api.example.com/',
  ],
  ...[
    'https://api.example.com@127.0.0.1/',
    'https://api.example.com:443@127.0.0.1/',
    'https:\\\\127.0.0.1\\',
  ],
  ...['https://127.0.0.1#@api.example.com/', 'https://127.0.0.1?@api.example.com/', 'https:127.0.0.1'],
  ...['https://127.0.0.1\\@api.example.com/', 'https://127.0.0.1:9001/2018-06-01/runtime/invocation/next'],
  ...['https://api.example.com:22/', 'https://api.example.com:25/', 'https://api.example.com:0/'],
  ...['https://[::1%25lo]/', 'https://[::1]:8443/', 'https://[fe80::1%25eth0]/', ' https://127.0.0.1/ '],
  ...['https:///127.0.0.1/', 'https://127.0.0.1:443/', 'ht\ntps://127.0.0.1/', 'https://127.0.\t0.1/'],
];

/** Addresses as they may be written that nothing may be sent to. Some are no addresses at all. */
export const HOSTILE_URLS: readonly string[] = [
  ...[...IPV4, ...SPELLINGS, ...NAMES].map((host) => `https://${host}/v1`),
  ...IPV6.map((host) => `https://[${host}]/v1`),
  ...WHOLE,
];

/** What a name may resolve to, alone or among others. */
export const HOSTILE_ADDRESSES: readonly string[] = [...IPV4, ...IPV6, 'fe80::1%eth0', 'not an address', ''];
