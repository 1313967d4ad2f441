// Way 4: a mail that somebody sent from work to a private address, judged by its header fields
import { type HeaderField, parseHeaders, type Resolver } from 'mailauth/lib/tools.js';
import { formatAddress, type MailAddress, parseAddress } from '#lib/api/mail-address.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { isRoleAddress } from './addresses.ts';
import { checkDkimSignature, type DkimFault } from './dkim.ts';
import { readSubject } from './mail-subject.ts';

/** Words that a session drew, which it keeps until the verdict. */
export type DrawnWords = { words: string; drawn: number; expires: number };

export const WORDS_LIFE_SECONDS = 86_400;
/** By how much clocks of mail servers may be off. */
const SKEW_SECONDS = 300;
const MOST_SIGNATURES = 5;
const LONGEST_HEADER_BYTES = 64 * 1_024;
/** More blanks in a row, and more lines, than any mail program writes: to read them takes the square of their number, here and in mailauth. */
const LONG_BLANK = /\s{257}/;
const MOST_LINES = 2_000;

export type WorkMailFault =
  | DkimFault
  | 'WORDS_OVER'
  | 'HEADER_TOO_LONG'
  | 'NOT_A_HEADER'
  | 'FIELDS_REPEATED'
  | 'BAD_FROM'
  | 'ROLE_ADDRESS'
  | 'OTHER_SUBJECT'
  | 'BAD_DATE'
  | 'DOMAIN_UNKNOWN'
  | 'NOT_SIGNED'
  | 'TOO_MANY_SIGNATURES';

/**
 * Judges the header of a mail: one From of a pinned domain, the words as the whole Subject, a Date since they were drawn, and at least
 * one signature that holds. ARC and Authentication-Results play no part. @returns the address that sent it
 */
export async function checkWorkMail(
  header: string,
  drawn: DrawnWords | undefined,
  { pairs, now, resolver }: { pairs: readonly { from: string; signer: string }[]; now: number; resolver: Resolver },
): Promise<Checked<MailAddress, WorkMailFault>> {
  if (!drawn || now >= drawn.expires) return refuse('WORDS_OVER', 'these words are over');
  if (Buffer.byteLength(header, 'utf8') > LONGEST_HEADER_BYTES) return refuse('HEADER_TOO_LONG', 'the header is longer than 64 KB');
  if (LONG_BLANK.test(header) || header.split('\n').length > MOST_LINES)
    return refuse('NOT_A_HEADER', 'no header has hundreds of blanks in a row, or thousands of lines');
  const fields = parseHeaders(Buffer.from(header, 'utf8')).parsed;
  if (fields.length === 0 || !fields.every(({ line, key }) => typeof key === 'string' && line.includes(0x3a)))
    return refuse('NOT_A_HEADER', 'this is not the header of a mail');
  const from = readFrom(fields);
  if (!from.ok) return from;
  const subject = onlyField(fields, 'subject');
  const date = onlyField(fields, 'date');
  if (subject === null || date === null) return refuse('FIELDS_REPEATED', 'there must be exactly one From, Subject and Date');
  if (readSubject(subject) !== drawn.words) return refuse('OTHER_SUBJECT', 'the subject is not exactly the four words');
  const window = { earliest: drawn.drawn - SKEW_SECONDS, latest: now + SKEW_SECONDS };
  const sent = readDate(date);
  if (sent === null || sent < window.earliest || sent > window.latest)
    return refuse('BAD_DATE', 'the mail was not sent since the words were drawn');
  const signers = pairs.filter((pair) => pair.from === from.value.domain).map(({ signer }) => signer);
  if (signers.length === 0) return refuse('DOMAIN_UNKNOWN', 'mails of this domain are not taken here');
  const signed = await checkSignatures(fields, { from: formatAddress(from.value), signers, ...window, now }, resolver);
  return signed.ok ? accept(from.value) : signed;
}

/** Any of at most five may hold; of several that do not, the first tells why. */
async function checkSignatures(
  fields: HeaderField[],
  terms: Parameters<typeof checkDkimSignature>[2],
  resolver: Resolver,
): Promise<Checked<true, WorkMailFault>> {
  const signatures = fields.filter(({ key }) => key === 'dkim-signature');
  if (signatures.length === 0) return refuse('NOT_SIGNED', 'the mail bears no signature of its server');
  if (signatures.length > MOST_SIGNATURES) return refuse('TOO_MANY_SIGNATURES', 'the mail bears more than five signatures');
  let first: Checked<true, WorkMailFault> | null = null;
  for (const signature of signatures) {
    const checked = await checkDkimSignature(signature, fields, terms, resolver);
    if (checked.ok) return checked;
    // Of a pinned signer a fault says more than that another one is unknown.
    if (first === null || (!first.ok && first.code === 'SIGNER_UNKNOWN')) first = checked;
  }
  return first ?? refuse('NOT_SIGNED', 'the mail bears no signature of its server');
}

/** The value of a field that stands there exactly once, unfolded; null otherwise. */
function onlyField(fields: readonly HeaderField[], key: string): string | null {
  const found = fields.filter((field) => field.key === key);
  const [only] = found;
  if (!only || found.length > 1) return null;
  const line = only.line.toString('utf8');
  return line.slice(line.indexOf(':') + 1).replace(/\r?\n(?=[ \t])/g, '');
}

/** One mailbox in ASCII, with or without a display name in front; nothing that two readers could read in two ways. */
function readFrom(fields: readonly HeaderField[]): Checked<MailAddress, 'FIELDS_REPEATED' | 'BAD_FROM' | 'ROLE_ADDRESS'> {
  const value = onlyField(fields, 'from');
  if (value === null) return refuse('FIELDS_REPEATED', 'there must be exactly one From, Subject and Date');
  const text = value.trim();
  const [, bracketed] = /^(?:"(?:[^"\\<>@,;:]|\\[^<>@,;:])*"|[^"<>@,;:()\\]*)[ \t]*<([^<>\s]+)>$/.exec(text) ?? [];
  const written = bracketed ?? text;
  const address = /^[\x21-\x7e]+$/.test(written) ? parseAddress(written) : null;
  if (!address) return refuse('BAD_FROM', 'From must be a single plain address');
  return isRoleAddress(address) ? refuse('ROLE_ADDRESS', 'addresses of a function or a list are not taken') : accept(address);
}

/** RFC 5322 §3.3, with a numeric zone; null for anything else. */
function readDate(text: string): number | null {
  const [plain = ''] = text.trim().split(/\s*\(/);
  const isDate = /^(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{2}:\d{2}(?::\d{2})?\s+(?:[+-]\d{4}|GMT|UT)$/.test(plain);
  const ms = isDate ? Date.parse(plain) : Number.NaN;
  return Number.isNaN(ms) ? null : Math.floor(ms / 1_000);
}
