// SPEC §13.5: how an issuer's program shows, without a session, that it speaks for the key of a group
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { isSignedBy, publicKeyOf, type Signed, signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson, parseJson } from '#lib/protocol/messages/json.ts';
import { checkShape, hex32, hex64, unixTime } from '#lib/protocol/messages/shape.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { Fetch } from './request.ts';

/** The header that carries a signed request: its canonical JSON, which is ASCII. */
export const REQUEST_HEADER = 'Round-Robin-Issuer-Request';
/** Seconds for which a request is fresh, before and after its time. */
export const REQUEST_FRESH_SECONDS = 600;
/** Characters of the header, several times what the longest address needs. */
const LONGEST_HEADER = 4_096;

const ascii = z.string().regex(/^[\x21-\x7e]*$/, 'expected ASCII without spaces');

const issuerRequestShape = z.strictObject({
  type: z.literal('issuer-request'),
  issuer: hex32,
  /** The platform that is asked, so that it cannot ask another one with it. */
  origin: ascii.max(300),
  method: z.enum(['GET', 'POST', 'DELETE']),
  /** With the query, where there is one. */
  path: ascii.max(500),
  /** SHA-256 of the bytes of the body; of none when there is no body. */
  body: hex32,
  time: unixTime,
  nonce: hex32,
  signature: hex64,
});
export type IssuerRequest = z.infer<typeof issuerRequestShape>;

/** What a request is about, as both sides see it. */
export type RequestSubject = Pick<IssuerRequest, 'origin' | 'method' | 'path'>;

export function hashBody(bytes: Uint8Array): Hex32 {
  return bytesToHex(sha256(bytes));
}

/** Signs one request. `seed` is the issuer's Ed25519 seed; `now` in Unix seconds. */
export function signIssuerRequest(
  subject: RequestSubject,
  body: Uint8Array,
  { seed, now, random }: { seed: Uint8Array; now: number; random: Random },
): Signed<IssuerRequest> {
  const nonce = bytesToHex(random(32));
  const { origin, method, path } = subject;
  const asked = {
    type: 'issuer-request' as const,
    issuer: publicKeyOf(seed),
    origin,
    method,
    path,
    body: hashBody(body),
    time: now,
    nonce,
  };
  return signMessage('issuer-request', asked, seed);
}

export function formatIssuerRequest(request: IssuerRequest): string {
  return canonicalJson(request);
}

export type IssuerRequestFault = 'BAD_ISSUER_REQUEST' | 'ISSUER_REQUEST_NOT_FRESH';

/**
 * Checks everything in the header but what needs memory or the body: that the nonce was not used before, that the key keeps the
 * group, and that the body has its hash, is left to the caller. `now` in Unix seconds.
 */
export function checkIssuerRequest(header: string, subject: RequestSubject, now: number): Checked<IssuerRequest, IssuerRequestFault> {
  const json = header.length <= LONGEST_HEADER ? parseJson(header) : null;
  const shaped = json?.ok ? checkShape(issuerRequestShape, json.value) : null;
  if (!shaped?.ok) return refuse('BAD_ISSUER_REQUEST', 'the header is not a signed request');
  const request = shaped.value;
  const isSame = request.method === subject.method && request.path === subject.path;
  if (!isSame) return refuse('BAD_ISSUER_REQUEST', 'the signature is for another request');
  if (request.origin !== subject.origin) return refuse('BAD_ISSUER_REQUEST', `this platform is ${subject.origin}`);
  if (!isSignedBy('issuer-request', request, request.issuer)) return refuse('BAD_ISSUER_REQUEST', 'not signed by the key that it names');
  if (Math.abs(request.time - now) > REQUEST_FRESH_SECONDS)
    return refuse('ISSUER_REQUEST_NOT_FRESH', 'the clocks of issuer and platform differ by more than ten minutes');
  return accept(request);
}

/**
 * A `fetch` that signs each request with the issuer's key, anew at every attempt, and sends no cookie.
 * @param platform the origin that the platform knows itself under
 */
export function createSigningFetch(
  platform: string,
  { seed, now, random }: { seed: Uint8Array; now: () => number; random: Random },
  fetch: Fetch,
): Fetch {
  return async (input, init) => {
    const { pathname, search } = new URL(input);
    // A form gets its boundary when it becomes bytes, and what is hashed must be what is sent.
    const carried = new Response(init.body ?? null);
    const body = new Uint8Array(await carried.arrayBuffer());
    const method = (init.method ?? 'GET') as RequestSubject['method'];
    const signed = signIssuerRequest({ origin: platform, method, path: pathname + search }, body, { seed, now: now(), random });
    const type = carried.headers.get('Content-Type');
    return fetch(input, {
      ...init,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      headers: { ...(type ? { 'Content-Type': type } : {}), ...(init.headers as object), [REQUEST_HEADER]: formatIssuerRequest(signed) },
      ...(init.body ? { body } : {}),
    });
  };
}
