import { formatKind } from './number-format.ts';

const CURRENCY = /\[\$([^\]-]+)(?:-[^\]]*)?\]|"([^"]*\p{Sc}[^"]*)"|\\?(\p{Sc})/u;

/** The unit a format code shows a number with: `percent`, `elapsed`, a currency as it is written; null if none. */
export function formatUnit(code: string): string | null {
  const positive = code.split(';', 1)[0] ?? '';
  const currency = CURRENCY.exec(positive);
  if (currency !== null) return (currency[1] ?? currency[2] ?? currency[3] ?? '').trim();
  if (/%/.test(positive.replace(/"[^"]*"|\\./g, ''))) return 'percent';
  return formatKind(code) === 'duration' ? 'elapsed' : null;
}
