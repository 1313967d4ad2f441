// SPEC §4.8: how an issuer's key ends
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { isPublicKey, isSignedBy, publicKeyOf, type Signed, signMessage, verifyEd25519 } from '../messages/ed25519.ts';
import { type Hex32, taggedBytes } from '../messages/hash.ts';
import { checkShape, hex32, hex64, unixTime } from '../messages/shape.ts';

const successorShape = z.strictObject({
  type: z.literal('issuer-successor'),
  issuer: hex32,
  /** The key that goes on for the same issuer. */
  successor: hex32,
  time: unixTime,
  /** Made with the successor's key, so that nobody can name a stranger's key as their own successor. */
  consent: hex64,
  signature: hex64,
});
const revocationShape = z.strictObject({
  type: z.literal('issuer-revocation'),
  issuer: hex32,
  time: unixTime,
  signature: hex64,
});
export const keyEndShape = z.discriminatedUnion('type', [successorShape, revocationShape]);
/** A key's own word that another goes on for it, and that nothing which it signs from now on is its issuer's. */
export type IssuerSuccessor = z.infer<typeof successorShape>;
export type IssuerRevocation = z.infer<typeof revocationShape>;
export type KeyEnd = z.infer<typeof keyEndShape>;

export type KeyEndFailure = 'BAD_SHAPE' | 'BAD_SUCCESSOR' | 'SUCCESSOR_CONSENT' | 'KEY_END_SIGNATURE';

/** Signs that the key of `seed` is followed by that of `successor`; both are Ed25519 seeds. `time` in Unix seconds. */
export function signSuccessor(time: number, seed: Uint8Array, successor: Uint8Array): Signed<IssuerSuccessor> {
  const agreed = { issuer: publicKeyOf(seed), successor: publicKeyOf(successor), time };
  const { signature: consent } = signMessage('successor-consent', agreed, successor);
  return signMessage('issuer-successor', { type: 'issuer-successor' as const, ...agreed, consent }, seed);
}

/** Signs that nobody is to rely on the key of `seed` any more. */
export function signRevocation(time: number, seed: Uint8Array): Signed<IssuerRevocation> {
  return signMessage('issuer-revocation', { type: 'issuer-revocation' as const, issuer: publicKeyOf(seed), time }, seed);
}

/** Checks either message by itself: what it does to a key that has ended already is for whoever keeps the list. SPEC §4.8. */
export function checkKeyEnd(value: unknown): Checked<KeyEnd, KeyEndFailure> {
  const shaped = checkShape(keyEndShape, value);
  if (!shaped.ok) return shaped;
  const end = shaped.value;
  const fault = end.type === 'issuer-successor' ? findSuccessorFault(end) : null;
  if (fault) return fault;
  return isSignedBy(end.type, end, end.issuer) ? accept(end) : refuse('KEY_END_SIGNATURE', 'not signed by the key that it ends');
}

function findSuccessorFault({ issuer, successor, time, consent }: IssuerSuccessor): Checked<never, KeyEndFailure> | null {
  if (!isPublicKey(successor)) return refuse('BAD_SUCCESSOR', 'the successor is not an Ed25519 key');
  if (successor === issuer) return refuse('BAD_SUCCESSOR', 'a key cannot follow itself');
  const agreed = taggedBytes('successor-consent', { issuer, successor, time });
  return verifyEd25519(consent, agreed, successor) ? null : refuse('SUCCESSOR_CONSENT', 'the successor has not agreed');
}

/** A key that has ended, as a platform lists it. Without a message only the account that kept the key's groups says so. */
export const endedKeyShape = z.strictObject({
  issuer: hex32,
  /** When the platform took it, Unix seconds. */
  time: unixTime,
  message: keyEndShape.optional(),
});
export type EndedKey = z.infer<typeof endedKeyShape>;

/** What became of a key. `isSigned`: by the key itself, and not only said by the platform. */
export type KeyFate = {
  /** The last of the successors, each signed by the one before it; null where there is none. */
  successor: Hex32 | null;
  /** Set where the key, or one that followed it, was revoked: then no successor stands for it. Unix seconds. */
  revoked: { time: number; isSigned: boolean } | null;
  /** When the key itself ended, Unix seconds. */
  time: number;
};

/**
 * What became of a key, by a platform's list. A message that does not hold, or is about another key, counts as if the list said
 * nothing of that key: a platform can withhold a successor, and claim a revocation as its own word, but never name a successor.
 * A list is read once, however often it is asked: it must not be changed afterwards.
 * @returns null for a key of which the list says nothing
 */
export function fateOf(key: Hex32, ended: readonly EndedKey[]): KeyFate | null {
  const endOf = readList(ended);
  const passed = new Set<Hex32>();
  let time: number | null = null;
  let at = key;
  while (!passed.has(at)) {
    passed.add(at);
    const end = endOf(at);
    if (!end) break;
    time ??= end.time;
    if (end.successor === null) return { successor: null, revoked: { time: end.time, isSigned: end.isSigned }, time };
    at = end.successor;
  }
  return time === null ? null : { successor: at, revoked: null, time };
}

type End = { time: number; successor: Hex32 | null; isSigned: boolean };
type EndOf = (key: Hex32) => End | null;

/** A chain has two signatures a key, and a page asks for each group and each warning: every message is checked once for its list. */
const listsRead = new WeakMap<readonly EndedKey[], EndOf>();

function readList(ended: readonly EndedKey[]): EndOf {
  const known = listsRead.get(ended);
  if (known) return known;
  const byKey = new Map(ended.map((one) => [one.issuer, one]));
  const ends = new Map<Hex32, End | null>();
  const endOf = (key: Hex32) => {
    const known = ends.get(key);
    if (known !== undefined) return known;
    const end = readEnd(byKey.get(key));
    ends.set(key, end);
    return end;
  };
  listsRead.set(ended, endOf);
  return endOf;
}

function readEnd(ended: EndedKey | undefined): End | null {
  if (!ended) return null;
  const { issuer, time, message } = ended;
  if (message === undefined) return { time, successor: null, isSigned: false };
  if (message.issuer !== issuer || !checkKeyEnd(message).ok) return null;
  return { time: message.time, successor: message.type === 'issuer-successor' ? message.successor : null, isSigned: true };
}
