// SPEC §1.2: the shapes of message members, shared by all messages
import { z } from 'zod';
import { parseField } from '../numbers/field.ts';
import { parseScalar } from '../numbers/point.ts';
import { accept, type Checked, refuse } from './checked.ts';
import { isNormal } from './normal-form.ts';
import { onOneLine } from './visible-text.ts';

// zod would otherwise try to compile code at run time, which the pages' content policy forbids.
z.config({ jitless: true });

/** 32 bytes in lower-case hex. */
export const hex32 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits');
/** 64 bytes in lower-case hex: an Ed25519 signature. */
export const hex64 = z.string().regex(/^[0-9a-f]{128}$/, 'expected 128 lower-case hex digits');
/** At least so many bytes in lower-case hex. A pattern for the pairs of a long text would overflow the stack of regular expressions. */
export const hexBytes = (least: number) =>
  z.string().refine((text) => text.length >= 2 * least && text.length % 2 === 0 && !/[^0-9a-f]/.test(text), 'expected bytes in hex');
/** A canonical decimal below r. */
export const fieldText = z.string().refine((text) => parseField(text) !== null, 'expected a canonical field element');
/** A canonical decimal below l. */
export const scalarText = z.string().refine((text) => parseScalar(text) !== null, 'expected a canonical scalar');
/** Two canonical decimals; whether they are a point is for the check that uses them. */
export const pointText = z.tuple([fieldText, fieldText]).readonly();
/** Seconds since 1970-01-01T00:00:00Z, up to the year 9999. */
export const unixTime = z.int().min(0).max(253_402_300_799);
export const positive = z.int().min(1);
/** A trustee's place in its committee, from 1; also its Shamir abscissa. */
export const trusteeIndex = z.int().min(1).max(16);

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufeff]/u;

/** Whether a text holds a control character other than tab and line feed, or a byte order mark. */
export function holdsControl(text: string): boolean {
  return CONTROL.test(text);
}

/** A text that a stranger wrote, in normal form C. Lengths are UTF-16 units: the library's own maximum counts code points. SPEC §5.1. */
export const plainText = (longest: number) =>
  z
    .string()
    .min(1)
    .refine((text) => text.length <= longest, `expected at most ${longest} characters`)
    .refine((text) => isNormal(text) && !holdsControl(text), 'expected NFC text without control characters');

/** `[a-z]{2,3}(-[A-Za-z0-9]{2,8})*`, for texts of any length: by that pattern a long one would overflow the stack of regular expressions. */
function isLanguageTag(text: string): boolean {
  const hasWrongPart = /[^A-Za-z0-9-]|-(?![A-Za-z0-9]{2})|-[A-Za-z0-9]{9}/.test(text);
  return /^[a-z]{2,3}(?![^-])/.test(text) && !hasWrongPart;
}

/** A BCP 47 tag as far as its form goes. */
export const languageTag = z.string().refine(isLanguageTag, 'expected a language tag');

/** Seconds by which the time of a signed request may differ from the platform's clock. SPEC §9.7, §14.5. */
const FRESH = 300;

/** Whether a request that was signed at `time` may be answered at `now`, both Unix seconds. */
export function isFresh(time: number, now: number): boolean {
  return Math.abs(time - now) <= FRESH;
}

/** What a message must look like: it judges, and gives back what it was given. A default or a transformation does not compile. */
export type Shape<T> = z.ZodType<T, T>;

/**
 * Judges a value against a shape; unknown members are refused because every message shape is strict. What comes back is the value
 * that was given, not the schema's copy of it: a signature or hash is then over what was read, whatever a schema drops.
 */
export function checkShape<T>(shape: Shape<T>, value: unknown): Checked<T, 'BAD_SHAPE'> {
  const issue = findIssue(shape, value);
  if (issue === null) return accept(value as T);
  return refuse('BAD_SHAPE', cutDetail(`${issue.path.map(String).join('.') || 'message'}: ${issue.message}`));
}

/**
 * A detail names members that may be as long and as many as whoever sent them liked, and spelt to mislead a terminal. It is cut before
 * it is looked at, for a name may have megabytes, and never within a character.
 */
function cutDetail(text: string): string {
  const detail = onOneLine(text.slice(0, MOST_QUOTED + 1).toWellFormed());
  return detail.length > MOST_QUOTED ? `${detail.slice(0, MOST_QUOTED).replace(/[\ud800-\udbff]$/, '')} …` : detail;
}

const MOST_QUOTED = 300;

/** The first thing that is wrong; null where nothing is. */
function findIssue(shape: z.ZodType, value: unknown): Pick<z.core.$ZodIssue, 'path' | 'message'> | null {
  try {
    const { success, error } = shape.safeParse(value);
    return success ? null : (error.issues[0] ?? TOO_MUCH);
  } catch (error) {
    // zod hands on its list of faults as arguments, so that a hundred thousand of them overflow the stack. Values are never that deep.
    if (error instanceof RangeError) return TOO_MUCH;
    throw error;
  }
}

const TOO_MUCH = { path: [], message: 'wrong shape in too many places' };
