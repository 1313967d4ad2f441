import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { quote } from '#lib/protocol/messages/quote.ts';

export type RosterFileFault = 'SPREADSHEET' | 'OTHER_FORMAT' | 'ZEROS' | 'BROKEN_UTF16' | 'NOT_UTF8';

const ADVICE = 'In the spreadsheet, choose “CSV UTF-8” when you save it.';
/** How the files of spreadsheet programs begin: a ZIP archive, and the older form of Microsoft’s. */
const SPREADSHEETS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
];
/** How files begin that hold people and are no table, or a table that is no CSV: pages, JSON and RTF, PDF, cards, SYLK, LDIF. */
const OTHER_FORMAT = /^(?:ï»¿|ÿþ|þÿ)*\s*(?:<|[{[]|%PDF|BEGIN:|ID;P|dn: )/i;
const MOST_QUOTED = 60;

/**
 * The text of a roster file in UTF-8 or in UTF-16 of either order, with its byte order mark or without. Any other encoding is
 * refused with the cause: files of eight bits do not say which letters they mean, and a guess would attest garbled names.
 */
export function decodeRoster(bytes: Uint8Array): Checked<string, RosterFileFault> {
  if (SPREADSHEETS.some((mark) => mark.every((byte, i) => bytes[i] === byte)))
    return refuse('SPREADSHEET', `This is a spreadsheet and not a CSV file. ${ADVICE}`);
  if (OTHER_FORMAT.test(new TextDecoder('windows-1252').decode(bytes.subarray(0, 64)).replaceAll('\0', '')))
    return refuse('OTHER_FORMAT', `This file is no CSV file, whatever its name ends in. Open it in a spreadsheet. ${ADVICE}`);
  if (holdsStrayZeros(bytes))
    return refuse('ZEROS', `This file holds characters that are no text (U+0000), which a program has put between the letters. ${ADVICE}`);
  const order = orderOf(bytes);
  const text = decode(bytes, order ?? 'utf-8');
  if (text !== null) return accept(text);
  return order === null
    ? refuse('NOT_UTF8', describeOther(bytes))
    : refuse('BROKEN_UTF16', `This file is UTF-16 and was cut off or changed. ${ADVICE}`);
}

/** UTF-16 is known by its mark, or by the zero bytes that every separator and line end has in it; UTF-8 holds none. */
function orderOf(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (!bytes.includes(0)) return null;
  return countAscii(bytes, 0) >= countAscii(bytes, 1) ? 'utf-16le' : 'utf-16be';
}

/** In UTF-16 every separator and every line end is a pair with a zero, and other letters are no UTF-8: a few zeros in text that is came otherwise. */
function holdsStrayZeros(bytes: Uint8Array): boolean {
  const zeros = bytes.reduce((count, byte) => count + Number(byte === 0), 0);
  return (
    zeros > 0 &&
    zeros < bytes.length / 8 &&
    decode(
      bytes.filter((byte) => byte !== 0),
      'utf-8',
    ) !== null
  );
}

/** Pairs of bytes that are an ASCII character if the lower byte stands at `low`, 0 or 1. */
function countAscii(bytes: Uint8Array, low: 0 | 1): number {
  let count = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) if (bytes[i + 1 - low] === 0 && bytes[i + low] !== 0 && bytes[i + low]! < 0x80) count += 1;
  return count;
}

/** @returns null where the bytes are not of this encoding, or hold a character zero, which no list of people does */
function decode(bytes: Uint8Array, encoding: string): string | null {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/** Quotes the first line that shows it, as it would read in the encoding that most such files have. */
function describeOther(bytes: Uint8Array): string {
  const line =
    new TextDecoder('windows-1252')
      .decode(bytes)
      .split(/[\r\n]+/)
      .find((text) => /[^\0-~]/.test(text)) ?? '';
  const quoted = line.length > MOST_QUOTED ? `${line.slice(0, MOST_QUOTED)}…` : line;
  return `This file is in an older encoding, such as Windows-1252, which does not say for sure which letters it means (${quote(quoted)}). ${ADVICE}`;
}
