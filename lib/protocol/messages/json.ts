// SPEC §1.2: JSON
import canonicalize from 'canonicalize';
import { accept, type Checked, refuse } from './checked.ts';

/** What protocol messages are made of: no null, no fractions, no undefined. */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json | undefined };

const MAX_DEPTH = 32;

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
 * Reads JSON from others. Members may stand in any order and white space is free, but a repeated key, null, a number that is
 * not a safe integer spelt in digits alone, a lone surrogate and nesting beyond 32 levels are refused, so that every reader
 * sees the same value. SPEC §1.2.
 */
export function parseJson(text: string): Checked<Json, 'NOT_JSON'> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('NOT_JSON', 'this is not JSON');
  }
  const fault = findFault(value, 0) ?? findSilentFault(text);
  return fault === null ? accept(value as Json) : refuse('NOT_JSON', fault);
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
  if (depth >= MAX_DEPTH) return 'nested too deeply';
  if (Array.isArray(value)) return firstFault(value, depth);
  for (const key of Object.keys(value)) if (!key.isWellFormed()) return 'a key with a lone surrogate';
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

/**
 * Walks the tokens of a text already known to be JSON, for what JSON.parse takes without a word: of two equal keys the last,
 * and a fraction that rounds to an integer, which another reader would round otherwise.
 */
function findSilentFault(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  let expectKey = false;
  MARK.lastIndex = 0;
  for (let mark = MARK.exec(text); mark !== null; mark = MARK.exec(text)) {
    const token = mark[0];
    const keys = open.at(-1);
    if (token === '"') {
      MARK.lastIndex = endOfString(text, mark.index);
      if (keys && expectKey) {
        const key = JSON.parse(text.slice(mark.index, MARK.lastIndex)) as string;
        if (keys.has(key)) return 'a key is repeated';
        keys.add(key);
      }
    } else if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ',' && !INTEGER.test(token)) return 'a number with a fraction or an exponent';
    expectKey = token === '{' || (token === ',' && open.at(-1) !== null);
  }
  return null;
}

/** The place after the closing quote. Not by a pattern: matching long texts overflows the stack of regular expressions. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end + 1;
}
