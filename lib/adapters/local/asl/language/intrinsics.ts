import { createHash, randomUUID } from 'node:crypto';
import { StatesError } from './failure.ts';
import { isObject, isSame } from './json.ts';
import { type Roots, resolve } from './paths.ts';

/** How many items `States.ArrayRange` and `$range` make at most. */
const MOST_ITEMS = 1000;
/** The longest text that is hashed or encoded, in characters. */
const MOST_CHARACTERS = 10_000;

const failed = (reason: string): StatesError => new StatesError('States.IntrinsicFailure', reason);

/** Checks of arguments: each says in a sentence what was wanted. */
const text = (value: unknown, what: string): string => {
  if (typeof value !== 'string') throw failed(`${what} has to be a string.`);
  return value;
};
const list = (value: unknown, what: string): unknown[] => {
  if (!Array.isArray(value)) throw failed(`${what} has to be an array.`);
  return value;
};
const integer = (value: unknown, what: string): number => {
  if (typeof value !== 'number') throw failed(`${what} has to be a number.`);
  return Math.round(value);
};
const bounded = (value: unknown, what: string): string => {
  const checked = text(value, what);
  if (checked.length > MOST_CHARACTERS) throw failed(`${what} is longer than 10000 characters.`);
  return checked;
};

/** Whole numbers from the first to the last, both included. Also JSONata's `$range`. */
export function range(first: unknown, last: unknown, step: unknown): number[] {
  const [from, to, by] = [integer(first, 'The first'), integer(last, 'The last'), integer(step, 'The step')];
  if (by === 0) throw failed('The step of a range has to be other than 0.');
  const count = Math.max(0, Math.floor((to - from) / by) + 1);
  if (count > MOST_ITEMS) throw failed('A range has at most 1000 items.');
  return Array.from({ length: count }, (_, no) => from + no * by);
}

/** The array in parts of so many items. Also JSONata's `$partition`. */
export function partition(array: unknown, size: unknown): unknown[][] {
  const items = list(array, 'What is partitioned');
  const by = integer(size, 'The size of a part');
  if (by < 1) throw failed('The size of a part has to be at least 1.');
  return Array.from({ length: Math.ceil(items.length / by) }, (_, no) => items.slice(no * by, no * by + by));
}

const ALGORITHMS: Record<string, string> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** Hexadecimal. Also JSONata's `$hash`. */
export function hash(value: unknown, algorithm: unknown): string {
  const known = ALGORITHMS[text(algorithm, 'The algorithm')];
  if (known === undefined)
    throw failed(`The algorithm has to be one of ${Object.keys(ALGORITHMS).join(', ')}.`);
  return createHash(known).update(bounded(value, 'What is hashed')).digest('hex');
}

/** From 0 to below 1, the same for the same seed (mulberry32). */
export function random(seed?: number): number {
  if (seed === undefined) return Math.random();
  let mixed = (Math.trunc(seed) + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

function format(template: unknown, values: unknown[]): string {
  const used = values.values();
  const filled = text(template, 'The template').replace(/\\([{}'\\])|\{\}/g, (_, escaped?: string) => {
    if (escaped !== undefined) return escaped;
    const { done, value } = used.next();
    if (done === true) throw failed(`The template '${String(template)}' has more {} than there are values.`);
    return typeof value === 'string'
      ? value
      : isObject(value) || Array.isArray(value)
        ? JSON.stringify(value)
        : String(value);
  });
  if (used.next().done !== true)
    throw failed(`The template '${String(template)}' has fewer {} than there are values.`);
  return filled;
}

function parse(value: unknown): unknown {
  try {
    return JSON.parse(text(value, 'What is parsed'));
  } catch (error) {
    if (error instanceof StatesError) throw error;
    throw new StatesError('States.IntrinsicFailure', 'What is parsed is no JSON.', { cause: error });
  }
}

function merge(one: unknown, other: unknown, isDeep: unknown): unknown {
  if (isDeep !== false)
    throw failed('States.JsonMerge merges only the top level: its third argument is false.');
  if (!isObject(one) || !isObject(other)) throw failed('States.JsonMerge takes two objects.');
  return { ...one, ...other };
}

interface Intrinsic {
  arity: readonly [least: number, most: number];
  call(...values: unknown[]): unknown;
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
const INTRINSICS: Record<string, Intrinsic> = {
  Format: { arity: [1, 10_000], call: (template, ...values) => format(template, values) },
  StringToJson: { arity: [1, 1], call: parse },
  JsonToString: { arity: [1, 1], call: (value) => JSON.stringify(value) },
  Array: { arity: [0, 10_000], call: (...values) => values },
  ArrayPartition: { arity: [2, 2], call: partition },
  ArrayContains: {
    arity: [2, 2],
    call: (array, wanted) => list(array, 'What is looked through').some((item) => isSame(item, wanted)),
  },
  ArrayRange: { arity: [3, 3], call: range },
  ArrayGetItem: {
    arity: [2, 2],
    call: (array, index) => {
      const [items, at] = [list(array, 'What an item is taken of'), integer(index, 'The index')];
      if (at < 0 || at >= items.length)
        throw failed(`There is no item ${at} in an array of ${items.length}.`);
      return items[at];
    },
  },
  ArrayLength: { arity: [1, 1], call: (array) => list(array, 'What is counted').length },
  ArrayUnique: {
    arity: [1, 1],
    call: (array) => {
      const items = list(array, 'What is made unique');
      return items.filter((item, no) => items.findIndex((other) => isSame(item, other)) === no);
    },
  },
  Base64Encode: {
    arity: [1, 1],
    call: (value) => Buffer.from(bounded(value, 'What is encoded')).toString('base64'),
  },
  Base64Decode: {
    arity: [1, 1],
    call: (value) => Buffer.from(bounded(value, 'What is decoded'), 'base64').toString(),
  },
  Hash: { arity: [2, 2], call: hash },
  JsonMerge: { arity: [3, 3], call: merge },
  MathRandom: {
    arity: [2, 3],
    call: (first, last, seed) => {
      const [from, to] = [integer(first, 'The first'), integer(last, 'The last')];
      return (
        from + Math.floor(random(seed === undefined ? undefined : integer(seed, 'The seed')) * (to - from))
      );
    },
  },
  MathAdd: { arity: [2, 2], call: (one, other) => integer(one, 'A summand') + integer(other, 'A summand') },
  StringSplit: {
    arity: [2, 2],
    call: (value, separators) => {
      const marks = new Set(text(separators, 'The separator'));
      const parts = [''];
      for (const character of text(value, 'What is split'))
        if (marks.has(character)) parts.push('');
        else parts[parts.length - 1] += character;
      return parts.filter((part) => part !== '');
    },
  },
  UUID: { arity: [0, 0], call: () => randomUUID() },
};

export const isIntrinsic = (expression: string): boolean => /^\s*States\./.test(expression);

/** @throws StatesError States.IntrinsicFailure */
export function evaluateIntrinsic(expression: string, roots: Roots): unknown {
  const reader = new Reader(expression, roots);
  const value = reader.call();
  reader.end();
  return value;
}

/** Reads and evaluates one call, with those within it. */
class Reader {
  readonly #source: string;
  readonly #roots: Roots;
  #at = 0;

  constructor(source: string, roots: Roots) {
    this.#source = source;
    this.#roots = roots;
  }

  call(): unknown {
    const [, name = ''] = this.#take(/\s*States\.(\w+)\s*\(/y) ?? this.#refuse();
    const intrinsic = Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined;
    if (intrinsic === undefined) throw failed(`There is no function States.${name}.`);
    const values: unknown[] = [];
    if (this.#take(/\s*\)/y) === undefined) {
      // What is escaped for `States.Format` is left to it.
      do values.push(this.#value(name === 'Format' && values.length === 0));
      while (this.#take(/\s*,/y) !== undefined);
      if (this.#take(/\s*\)/y) === undefined) this.#refuse();
    }
    const [least, most] = intrinsic.arity;
    if (values.length < least || values.length > most)
      throw failed(
        `States.${name} takes ${least === most ? least : `${least} to ${most}`} arguments, not ${values.length}.`,
      );
    return intrinsic.call(...values);
  }

  end(): void {
    if (this.#source.slice(this.#at).trim() !== '') this.#refuse();
  }

  #value(isTemplate: boolean): unknown {
    this.#take(/\s*/y);
    if (this.#source.startsWith('States.', this.#at)) return this.call();
    const quoted = this.#take(/'((?:[^'\\]|\\[\s\S])*)'/y);
    if (quoted !== undefined) {
      const [, literal = ''] = quoted;
      return isTemplate ? literal : literal.replace(/\\([{}'\\])/g, '$1');
    }
    const literal = this.#take(/(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?=\s*[,)])/y);
    if (literal !== undefined) return JSON.parse(literal[0]);
    if (this.#source[this.#at] !== '$') this.#refuse();
    return resolve(this.#path(), this.#roots, 'States.IntrinsicFailure');
  }

  /** Up to the comma or parenthesis that is not within brackets, parentheses or quotes of the path itself. */
  #path(): string {
    const begin = this.#at;
    let depth = 0;
    for (let quote = ''; this.#at < this.#source.length; this.#at += 1) {
      const character = this.#source[this.#at] ?? '';
      if (quote !== '') {
        if (character === quote) quote = '';
      } else if (character === "'" || character === '"') quote = character;
      else if (character === '[' || character === '(') depth += 1;
      else if (depth === 0 && (character === ',' || character === ')')) break;
      else if (character === ']' || character === ')') depth -= 1;
    }
    return this.#source.slice(begin, this.#at).trim();
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found;
  }

  #refuse(): never {
    throw failed(`'${this.#source}' cannot be read from its character ${this.#at + 1} on.`);
  }
}
