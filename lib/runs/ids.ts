/** UUIDv7: 48 bits of milliseconds, then what tells ids of one millisecond apart (RFC 9562, 5.7). */
const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const LAST_MOMENT = 2 ** 48 - 1;

/** When an id was made; undefined for an id that does not say. */
export const momentOf = (id: string): Date | undefined =>
  V7.test(id) ? new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)) : undefined;

/** The same id, or if it was made before the moment, in milliseconds, one as if it had been made then. */
export function noOlderThan(id: string, milliseconds: number): string {
  const made = momentOf(id);
  if (made === undefined || made.getTime() >= milliseconds) return id;
  return idBefore(milliseconds).slice(0, 13) + id.slice(13);
}

/** Stands before every id that was made at this moment or later, and after all earlier ones. */
export function idBefore(milliseconds: number): string {
  const moment = Math.min(Math.max(milliseconds, 0), LAST_MOMENT);
  const hex = moment.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
