import type { Field } from '../../configuration.ts';
import type { TextReader } from './text-reader.ts';

/** What reads values of a kind; each brings a package along that most configurations do not need. */
interface Readers {
  phone?: typeof import('./phone.ts').phoneReader;
  email?: typeof import('./email.ts').readEmail;
  country?: typeof import('./country.ts').countryReader;
}

const readers: Readers = {};

const LOADERS: Record<keyof Readers, () => Promise<void>> = {
  phone: async () => {
    readers.phone ??= (await import('./phone.ts')).phoneReader;
  },
  email: async () => {
    readers.email ??= (await import('./email.ts')).readEmail;
  },
  country: async () => {
    readers.country ??= (await import('./country.ts')).countryReader;
  },
};

const KINDS = Object.keys(LOADERS) as (keyof Readers)[];

/** Loads what the steps of these fields read values by, before they are compiled. */
export async function loadKnownValues(fields: readonly Pick<Field, 'transforms'>[]): Promise<void> {
  const used = KINDS.filter((kind) =>
    fields.some(({ transforms }) => transforms.some((step) => step[kind] !== undefined)),
  );
  await Promise.all(used.map((kind) => LOADERS[kind]()));
}

const notLoaded = (): TypeError => new TypeError('loadKnownValues must be done before steps are compiled');

/** What reads the values that a step is about; undefined where it is about none of these. */
export function knownReader({ phone, email, country }: Field['transforms'][number]): TextReader | undefined {
  if (phone !== undefined) {
    if (readers.phone === undefined) throw notLoaded();
    return readers.phone(phone.country);
  }
  if (email !== undefined) {
    if (readers.email === undefined) throw notLoaded();
    return readers.email;
  }
  if (country === undefined) return undefined;
  if (readers.country === undefined) throw notLoaded();
  return readers.country(country);
}
