/**
 * A person's name as first and last name: `Last, First` is turned round, middle names are dropped, and a
 * name with only one half stays as it is, cleaned. Null if nothing is left.
 */
export function fullName(raw: string): string | null {
  const name = raw.trim().replace(/\s+/g, ' ');
  if (name === '') return null;
  if (name.includes(',')) {
    const [last = '', first = ''] = name.split(',').map((part) => part.trim());
    return first !== '' && last !== '' ? `${first} ${last}` : name;
  }
  const words = name.split(' ');
  return words.length < 2 ? name : `${words[0]} ${words.at(-1)}`;
}
