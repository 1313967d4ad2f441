// SPEC §1.2: JSON
import { utf8 } from '@scure/base';
import canonicalize from 'canonicalize';
import { accept, type Checked, refuse } from './checked.ts';

/** What protocol messages are made of: no null, no fractions, no undefined. */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json | undefined };

const MAX_DEPTH = 32;
const NOT_JSON = 'this is not JSON';
const TOO_DEEP = 'nested too deeply';
const TOO_MANY = 'more parts than belong here';
/**
 * JSON.parse makes a member of this name, and assignment, `Object.assign` and zod's records lose it without a word: what is hashed
 * would not be what was read. Other names of Object.prototype are ordinary members everywhere.
 */
const LOST = '__proto__';

/**
 * The one spelling of a value: RFC 8785. Members whose value is `undefined` are absent.
 * @throws TypeError for what the protocol does not allow: null, a number that is not a safe integer, a lone surrogate.
 */
export function canonicalJson(value: Json): string {
  const fault = findFault(value, 0);
  if (fault !== null) throw new TypeError(`not a protocol value: ${fault}`);
  return canonicalize(value) as string;
}

/**
 * Reads JSON from others. Members may stand in any order and white space is free, but a repeated key, a member named
 * `__proto__`, null, a number that is not a safe integer spelt in digits alone, a lone surrogate and nesting beyond 32 levels are
 * refused, so that every reader sees the same value. SPEC §1.2.
 * @param mostParts commas and opening brackets with which it is read at all: each may take sixty times its byte of memory
 */
export function parseJson(text: string, mostParts = Number.POSITIVE_INFINITY): Checked<Json, 'NOT_JSON'> {
  // Before JSON.parse: 20 MB of brackets would take it more than a gigabyte.
  const hidden = findHiddenFault(text, mostParts);
  if (hidden !== null) return refuse('NOT_JSON', hidden);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('NOT_JSON', NOT_JSON);
  }
  const fault = findFault(value, 0);
  return fault === null ? accept(value as Json) : refuse('NOT_JSON', fault);
}

/** `parseJson` for bytes, which must be UTF-8 without a byte order mark. */
export function parseJsonBytes(bytes: Uint8Array): Checked<Json, 'NOT_JSON'> {
  try {
    return parseJson(utf8.encode(bytes));
  } catch {
    return refuse('NOT_JSON', 'this is not UTF-8');
  }
}

/** Reads one line of a record or board, which must be spelt canonically, byte for byte. SPEC §1.2. */
export function parseCanonicalJson(text: string): Checked<Json, 'NOT_JSON' | 'NOT_CANONICAL'> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  return canonicalJson(parsed.value) === text ? parsed : refuse('NOT_CANONICAL', 'not in the canonical form of RFC 8785');
}

/** `depth` is the number of arrays and objects around the value. */
function findFault(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : 'text with a lone surrogate';
  if (typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? null : 'a number that is not a safe integer';
  if (typeof value !== 'object' || value === null) return 'null is not allowed';
  if (depth >= MAX_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) return firstFault(value, depth);
  for (const key of Object.keys(value)) {
    if (!key.isWellFormed()) return 'a key with a lone surrogate';
    if (key === LOST) return `a member named ${LOST}`;
  }
  return firstFault(
    Object.values(value).filter((member) => member !== undefined),
    depth,
  );
}

function firstFault(values: readonly unknown[], depth: number): string | null {
  for (const value of values) {
    const fault = findFault(value, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

const MARK = /["{}[\],]|-?[0-9][0-9.eE+-]*/g;
const INTEGER = /^-?[0-9]+$/;
const PART = /^[,{[]/;

/**
 * Walks the tokens of a text that may be anything, for what JSON.parse takes without a word: nesting without end, of two equal keys
 * the last, and a fraction that rounds to an integer, which another reader would round otherwise.
 */
function findHiddenFault(text: string, mostParts: number): string | null {
  const open: (Set<string> | null)[] = [];
  let left = mostParts;
  let expectKey = false;
  MARK.lastIndex = 0;
  for (let mark = MARK.exec(text); mark !== null; mark = MARK.exec(text)) {
    const token = mark[0];
    if (token === '"') {
      MARK.lastIndex = endOfString(text, mark.index);
      const keys = open.at(-1);
      const fault = keys && expectKey ? addKey(keys, text.slice(mark.index, MARK.lastIndex)) : null;
      if (fault !== null) return fault;
    } else if (token === '{' || token === '[') {
      if (open.length >= MAX_DEPTH) return TOO_DEEP;
      open.push(token === '{' ? new Set() : null);
    } else if (token === '}' || token === ']') open.pop();
    else if (token !== ',' && !INTEGER.test(token)) return 'a number with a fraction or an exponent';
    if (PART.test(token)) left -= 1;
    if (left < 0) return TOO_MANY;
    expectKey = token === '{' || (token === ',' && open.at(-1) !== null);
  }
  return null;
}

function addKey(keys: Set<string>, spelt: string): string | null {
  let key: string;
  try {
    key = JSON.parse(spelt) as string;
  } catch {
    return NOT_JSON;
  }
  if (keys.has(key)) return 'a key is repeated';
  keys.add(key);
  return null;
}

/**
 * The place after the closing quote, or the end of the text where there is none. Not by a pattern: matching long texts overflows the
 * stack of regular expressions.
 */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return Math.min(end + 1, text.length);
}
