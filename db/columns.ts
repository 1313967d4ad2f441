import { type AnyPgColumn, bigint, check, customType, type SQL, sql, text } from '#db/drizzle.cjs';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import { type Field, fieldFromBytes, fieldToBytes } from '#lib/protocol/numbers/field.ts';

/** The largest number that fits an `integer` column. */
export const LARGEST_INTEGER = 2 ** 31 - 1;

/** A field element as exactly 32 bytes, big-endian, so that a unique index compares numbers and never spellings (T7). */
export const fieldColumn = customType<{ data: Field; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  toDriver: (value) => Buffer.from(fieldToBytes(value)),
  fromDriver: (bytes) => {
    const value = fieldFromBytes(bytes);
    if (value === null) throw new TypeError('a stored number is not a field element');
    return value;
  },
});

/** A hash, key or ticket: hex in the program, 32 bytes in the table. */
export const hex32Column = customType<{ data: Hex32; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  toDriver: (value) => Buffer.from(value, 'hex'),
  fromDriver: (bytes) => Buffer.from(bytes).toString('hex'),
});

/** Bytes of any length. */
export const bytesColumn = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  toDriver: (value) => Buffer.from(value),
  fromDriver: (bytes) => new Uint8Array(bytes),
});

/**
 * A value that was checked before it was stored, as canonical JSON (RFC 8785): its hash can be taken of the text in the table.
 * Whoever holds the text already stores that, by sql`${text}`.
 */
export function canonicalColumn<T>() {
  const column = customType<{ data: T; driverData: string }>({
    dataType: () => 'text',
    toDriver: (value) => canonicalJson(value as Json),
    fromDriver: (text) => JSON.parse(text) as T,
  });
  return column();
}

/** What was found when a domain was looked at. Made anew for each table. */
export function domainProofColumns() {
  return {
    /** By what it was proved when it was looked at last; null while it is not. */
    provedBy: text({ enum: ['dns', 'web'] }),
    /** When it was proved last, and when it was looked at last, Unix seconds; null for never, and for what is to be looked at anew. */
    provedAt: bigint({ mode: 'number' }),
    checkedAt: bigint({ mode: 'number' }),
  };
}

/** The rule of a table with those columns that whatever is proved was proved at some time. */
export function isProvedSometime(name: string, t: { provedBy: AnyPgColumn; provedAt: AnyPgColumn }) {
  return check(name, sql`${t.provedBy} is null or (${t.provedBy} in ('dns', 'web') and ${t.provedAt} is not null)`);
}

/** The rule of a table that each of these columns holds 32 bytes. */
export function is32Bytes(name: string, ...columns: AnyPgColumn[]) {
  return check(
    name,
    columns.map((column): SQL => sql`octet_length(${column}) = 32`).reduce((all, one) => sql`${all} and ${one}`),
  );
}
