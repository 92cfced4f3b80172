import * as z from 'zod';

/** Choices that a seed fixes, so that what was found once is found again. */
export interface Dice {
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number;
  /** True in so many of a hundred cases. */
  percent(chance: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
}

/** Mulberry32: small, and the same on every machine. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    below,
    percent: (chance) => below(100) < chance,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
  };
}

/** Lists and objects inside each other, written out: no serialiser survives making the deepest of them. */
const nested = (depth: number): string[] => [
  '['.repeat(depth) + ']'.repeat(depth),
  `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
];

/** Names that mean something to somebody: to JavaScript, to the database, to a shell, to a log. */
export const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  ' ',
  '$ref',
  '$',
  'a.b',
  '#name',
  '🙈',
  'n'.repeat(3000),
] as const;

/** JSON texts of values that nobody expects. Texts, because some of them are no value that can be written. */
const VALUES: readonly string[] = [
  ...['null', 'true', 'false', '0', '-1', '-0', '1.5', '1e309', '-1e999', '1e-400', '9007199254740993'],
  ...['2147483648', '1e21', '123456789012345678901234567890123456789012345', '1'.repeat(400)],
  ...[
    '""',
    '" "',
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"\\u202e\\ufeff"',
    '"🙈é漢"',
  ],
  ...['"NaN"', '"Infinity"', '"null"', '"true"', '"-1"', '"1e309"', '"2026-13-45T99:99:99Z"', '"0000-00-00"'],
  ...['"__proto__"', '"constructor"', '"toString"', '"../../../etc"', '"{{a}}"', '"{{#each}}"', '"$1"'],
  ...[
    '"\\r\\nX-Injected: 1"',
    '"a#b"',
    '"\'; --"',
    '"%00"',
    '"%"',
    '"<b>"',
    '"00000000-0000-0000-0000-000000000000"',
  ],
  ...['[]', '{}', '[null]', '[[]]', '[{}]', '[1,"a",null,{}]', '{"":0}', '{"a":null}', '{"length":-1}'],
  ...['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{}}}', '{"toString":1}', '{"then":1}'],
  ...[
    '{"toJSON":"x"}',
    '{"S":"a"}',
    '{"$ref":"#"}',
    '{"a":1,"a":2}',
    '{"\\u0000":"\\u0000"}',
    '{"\\ud800":1}',
  ],
  `"${'x'.repeat(5000)}"`,
  `"${'x'.repeat(300_000)}"`,
  `"${'é🙈'.repeat(20_000)}"`,
  `"${'\\u0000'.repeat(2000)}"`,
  `[${Array(2000).fill('0').join()}]`,
  `{${Array.from({ length: 500 }, (_, at) => `"k${at}":${at}`).join()}}`,
  ...nested(40),
  ...nested(1500),
  ...nested(12_000),
  ...nested(150_000),
];

export const nastyValue = (dice: Dice): string => dice.pick(VALUES);

interface JsonSchema {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  format?: string;
  minimum?: number;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
}

const schemas = new WeakMap<z.ZodType, JsonSchema>();

function schemaOf(type: z.ZodType): JsonSchema {
  // What comes of a body names its members even where a step before it unifies their spellings.
  const known =
    schemas.get(type) ?? (z.toJSONSchema(type, { io: 'output', unrepresentable: 'any' }) as JsonSchema);
  schemas.set(type, known);
  return known;
}

const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What is right where a schema does not say enough, by the names of members. */
export type Known = Record<string, readonly string[]>;

/**
 * The JSON text of a body as its schema has it, with something wrong at one or several places of it: the
 * rest has to be right, or nothing behind the first check would ever see what is wrong.
 */
export function nastyBody(dice: Dice, type: z.ZodType, known: Known): string {
  const chance = dice.pick([4, 15, 40]);
  return write(schemaOf(type), '');

  function write(schema: JsonSchema, name: string): string {
    if (dice.percent(chance)) return nastyValue(dice);
    const options = schema.anyOf ?? schema.oneOf;
    if (options !== undefined) return write(dice.pick(options), name);
    const fitting = known[name];
    if (fitting !== undefined && schema.type !== 'array' && schema.type !== 'object') {
      return JSON.stringify(dice.pick(fitting));
    }
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum !== undefined) return JSON.stringify(dice.pick(schema.enum));
    switch (Array.isArray(schema.type) ? dice.pick(schema.type) : schema.type) {
      case 'object':
        return writeObject(schema);
      case 'array':
        return `[${Array.from({ length: dice.below(4) }, () => write(schema.items ?? {}, name)).join()}]`;
      case 'integer':
      case 'number':
        return String((schema.minimum ?? 0) + dice.below(3));
      case 'boolean':
        return String(dice.percent(50));
      case 'string':
        return schema.format === 'email' ? '"a@example.com"' : '"text"';
      default:
        return nastyValue(dice);
    }
  }

  function writeObject({ properties = {}, required = [] }: JsonSchema): string {
    const members = Object.entries(properties).flatMap(([name, schema]) => {
      if (dice.percent(required.includes(name) ? chance / 2 : 50)) return [];
      const spelled = dice.percent(30) ? camel(name) : name;
      const member = `"${spelled}":${write(schema, name)}`;
      if (!dice.percent(6)) return [member];
      const again = dice.percent(50) ? nastyValue(dice) : write(schema, name);
      return [member, `"${dice.pick([name, camel(name), name.toUpperCase()])}":${again}`];
    });
    if (dice.percent(Object.keys(properties).length === 0 ? 70 : 6)) {
      members.push(`${JSON.stringify(dice.pick(NAMES))}:${nastyValue(dice)}`);
    }
    return `{${members.join()}}`;
  }
}

/** What is no JSON at all, or is when one does not look closely. */
const BROKEN = [
  ...['{', '{"a":', '[1,', '"', 'nul', 'undefined', 'NaN', '{a:1}', "{'a':1}", '{"a":1,}', '{}{}', '\u0000'],
  ...[
    '<a/>',
    'a=1&b=2',
    '\ufeff{}',
    ' ',
    '\n',
    '{"a":"\u0000"}',
    '{"a":"\n"}',
    '"\\x"',
    '"\\u12"',
    '01',
    '+1',
  ],
  '['.repeat(200_000),
  '{"a":'.repeat(100_000),
];

/** A body that is to be JSON: bytes, because some of them are no text. */
export function nastyJson(dice: Dice, type: z.ZodType, known: Known): Buffer {
  const text = dice.percent(12)
    ? dice.pick(BROKEN)
    : dice.percent(8)
      ? nastyValue(dice)
      : nastyBody(dice, type, known);
  const bytes = Buffer.from(text);
  if (dice.percent(4)) return bytes.subarray(0, dice.below(bytes.length + 1));
  if (dice.percent(3) && bytes.length > 0) {
    const flipped = Buffer.from(bytes);
    flipped[dice.below(bytes.length)] = dice.pick([0, 0x80, 0xc0, 0xff, 0x22]);
    return flipped;
  }
  return bytes;
}

const FILE_NAMES = [
  ...[
    'a.csv',
    'a.xlsx',
    '',
    '.',
    '..',
    '../../a.csv',
    'a\\b.csv',
    'a\u0000.csv',
    'con',
    '%00',
    '%zz',
    '🙈.csv',
  ],
  ...[
    '\u202ecsv.exe',
    'a"b.csv',
    'a;b=c.csv',
    `${'n'.repeat(5000)}.csv`,
    '__proto__',
    ' .csv ',
    '\u0001\u001f',
  ],
];
const FIELD_NAMES = [
  'file',
  'file',
  'File',
  'metadata',
  'run_options',
  'conflictMode',
  'upload_id',
  ...NAMES,
];

/** A form with its content type, whole only sometimes. */
export function nastyForm(dice: Dice): { contentType: string; body: Buffer } {
  const boundary = dice.pick(['b', 'b', '----x', 'b'.repeat(70), "'()+_,-./:=?", 'b'.repeat(3000)]);
  const parts = Array.from({ length: dice.percent(5) ? 30 : dice.below(4) + 1 }, (_, at) => {
    const name = at === 0 && dice.percent(60) ? 'file' : dice.pick(FIELD_NAMES);
    const isFile = name.toLowerCase() === 'file' ? dice.percent(90) : dice.percent(10);
    const filename = isFile ? `; filename="${dice.pick(FILE_NAMES)}"` : '';
    const extended = dice.percent(5)
      ? `; filename*=${dice.pick(["UTF-8''a%00", "x''%ff", "''", 'UTF-8', "utf-8''%zz"])}`
      : '';
    const disposition = dice.pick(['form-data', 'form-data', 'form-data', 'attachment', '']);
    const type = dice.percent(30)
      ? `\r\nContent-Type: ${dice.pick(['text/csv', 'x', '', 'multipart/mixed; boundary=c', 'a/b; charset=none'])}`
      : '';
    const encoding = dice.percent(5) ? '\r\nContent-Transfer-Encoding: base64' : '';
    const filler = dice.percent(3) ? `\r\nX: ${'y'.repeat(90_000)}` : '';
    const content = isFile && dice.percent(50) ? 'a,b\r\n1,2\r\n' : nastyValue(dice);
    return `--${boundary}\r\nContent-Disposition: ${disposition}; name="${name}"${filename}${extended}${type}${encoding}${filler}\r\n\r\n${content}\r\n`;
  });
  const whole = Buffer.from(`${parts.join('')}--${boundary}--\r\n`);
  const body = dice.percent(25) ? whole.subarray(0, dice.below(whole.length)) : whole;
  const contentType = dice.percent(80)
    ? `multipart/form-data; boundary=${dice.percent(20) ? `"${boundary}"` : boundary}`
    : dice.pick([
        'multipart/form-data',
        'multipart/form-data; boundary=',
        'multipart/form-data; boundary=c',
        'multipart/mixed; boundary=b',
        'multipart/form-data; boundary="',
        'multipart/form-data; charset=x; boundary=b; boundary=c',
      ]);
  return { contentType, body };
}

/** Path parameters and queries, as they are before they are encoded. */
export const TEXTS = [
  ...[
    '\u0000',
    'a\u0000b',
    ' ',
    '.',
    '..',
    '../..',
    '../../../etc',
    '/',
    '//',
    '{}',
    '{runId}',
    '%',
    '%00',
    '%2e%2e',
  ],
  ...[
    '🙈',
    'é',
    '\u202e',
    '\ufeff',
    '\u0085',
    '\r\n',
    "' OR 1=1",
    '<script>',
    '$a',
    '*',
    '#',
    'a#b',
    'a#000000000001',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'null',
    'undefined',
    'NaN',
    'Infinity',
    '-1',
    '0',
    '1',
    '1e309',
  ],
  ...[
    '9'.repeat(15),
    '9'.repeat(400),
    '1.5',
    '0x10',
    '018f0000-0000-7000-8000-0000000000ff',
    'thread_',
    'run_',
  ],
  ...[
    '018F0000-0000-7000-8000-0000000000FF',
    '{018f0000-0000-7000-8000-0000000000ff}',
    'thread_zzzzzzzzzzzzzzzzzzzzzzzzzz',
  ],
  ...[
    'zzzzzzzzzzzzzzzzzzzzzzzzzz',
    '00000000000000000000000000',
    'z'.repeat(26),
    'a'.repeat(2048),
    'é'.repeat(1500),
  ],
  'x'.repeat(9000),
] as const;

const FILTER_IDS = [
  'status',
  'createdAt',
  'id',
  'name',
  'byteSize',
  'tags',
  'fileType',
  'operation',
  'nope',
  ...NAMES,
];
const OPERATORS = [
  'eq',
  'ne',
  'in',
  'notIn',
  'lt',
  'gte',
  'iLike',
  'isEmpty',
  'between',
  'inArray',
  'isRelativeToToday',
  'toString',
  '',
];

/** Values of a list's `filters` and `sort`, right in their outlines. */
export function nastyGrammar(dice: Dice): string {
  const items = Array.from({ length: dice.percent(3) ? 40 : dice.below(3) + 1 }, () => {
    if (dice.percent(6)) return nastyValue(dice).slice(0, 7000);
    const id = dice.percent(90) ? JSON.stringify(dice.pick(FILTER_IDS)) : shortValue(dice);
    const operator = dice.percent(90) ? JSON.stringify(dice.pick(OPERATORS)) : shortValue(dice);
    const value = dice.percent(30) ? `[${shortValue(dice)},${shortValue(dice)}]` : shortValue(dice);
    return `{"id":${id},"operator":${operator},"value":${value},"desc":${shortValue(dice)}}`;
  });
  return dice.percent(4) ? dice.pick(nested(2500)) : `[${items.join()}]`;
}

/** Short enough to stand in a URL with others. */
const SHORT = VALUES.filter(({ length }) => length < 3500);
const shortValue = (dice: Dice): string => dice.pick(SHORT);
