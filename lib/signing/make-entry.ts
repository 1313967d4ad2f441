import type { CircuitInput } from '#lib/proof/sign-input.ts';
import { signInput } from '#lib/proof/sign-input.ts';
import { type Body, createListingSalt } from '#lib/protocol/board/listed.ts';
import {
  checkEntry,
  type Entry,
  type EntryFailure,
  messageOf,
  type Proof,
  type Proven,
  publicSignals,
  type Said,
} from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { sealPoint } from '#lib/protocol/key/sealing.ts';
import { blindingOf, type Identity, nullifierOf } from '#lib/protocol/member/credential.ts';
import { nameHash } from '#lib/protocol/member/name.ts';
import { clearToken, membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import type { Membership } from '#lib/protocol/member/wallet-file.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Field, type FieldText, formatField } from '#lib/protocol/numbers/field.ts';
import { coordinates, formatPoint, type Point } from '#lib/protocol/numbers/point.ts';
import { type Random, randomScalar } from '#lib/protocol/numbers/random.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { RollPlace } from './find-membership.ts';

/**
 * What a prover is given: the circuit's inputs, which hold the secret, and the public signals that the proof must have. It
 * can be handed to another thread, and must not leave the device.
 */
export type ProofJob = { verificationKey: Hex32; input: CircuitInput; expected: FieldText[] };

/** Makes the proof of a job and has checked it: see `proveJob`. Rejects when it is cancelled or out of time. */
export type Prover = (job: ProofJob) => Promise<Checked<Proof, 'PROOF_OTHER' | 'PROOF_INVALID'>>;

/** The member's place in a roll, as a proof needs it. */
export type ProvenPlace = Pick<RollPlace, 'group' | 'header' | 'path'> & { membership: Pick<Membership, 'name'> };

/** Who proves what to whom: a checked statement or challenge, the key for the seal, the place, and what is said. */
export type ProofRequest<Said extends Proven['said']> = {
  context: Pick<StatementContext, 'rolls' | 'scope'>;
  key: Point;
  verificationKey: Hex32;
  place: ProvenPlace;
  identity: Identity;
  said: Said;
};

/**
 * Prepares a proof: nullifier and seal are computed here, with fresh randomness, and the circuit must arrive at the same.
 * `said.group` must be the group of the place.
 */
export function prepareProof<Said extends Proven['said']>(
  request: ProofRequest<Said>,
  random: Random,
): { proven: Proven & { said: Said }; job: ProofJob } {
  const { context, key, verificationKey, place, identity, said } = request;
  if (said.group !== place.group) throw new TypeError('"said" must name the group of the place');
  const nullifier = nullifierOf(identity, context.scope);
  const { name } = place.membership;
  const token = tokenOf(membershipOf(identity, place.group), place.group, name);
  const randomness = randomScalar(random);
  const { ephemeral, sealed } = sealPoint(clearToken(token.point), key, randomness);
  const proven = { said, nullifier: formatField(nullifier), ephemeral: formatPoint(ephemeral), sealed: formatPoint(sealed) };
  const input = signInput({
    scope: context.scope,
    message: messageOf(said),
    key: pairOf(key),
    depth: place.header.depth,
    secret: identity.secret,
    blinding: blindingOf(identity, place.group),
    nameHash: nameHash(place.group, name),
    salt: token.salt,
    token: pairOf(token.point),
    index: place.path.index,
    siblings: place.path.siblings,
    randomness,
  });
  return { proven, job: { verificationKey, input, expected: publicSignals(context, key, proven).map(formatField) } };
}

/** Who signs what: a checked statement with its key, the member's place in a roll of it, and what is said. */
export type SigningRequest = {
  context: StatementContext;
  key: Pick<Keyed, 'key'>;
  place: ProvenPlace;
  identity: Identity;
  said: Said;
};

/** Prepares an entry. `said.group` must be the group of the place. */
export function prepareEntry(request: SigningRequest, random: Random): { unproven: Omit<Entry, 'proof'>; job: ProofJob } {
  const { context, key } = request;
  const { verificationKey } = context.statement;
  const { proven, job } = prepareProof({ ...request, key: key.key, verificationKey }, random);
  return { unproven: { type: 'entry', statement: context.id, ...proven }, job };
}

export type MakingFailure = EntryFailure | 'PROOF_OTHER' | 'PROOF_INVALID';

/**
 * Makes a signature or a withdrawal. Nothing leaves the device here.
 * @returns what the prover or the checks of an entry refuse, as for a personal minimum that cannot be reached
 */
export async function makeEntry(request: SigningRequest, prove: Prover, random: Random): Promise<Checked<Entry, MakingFailure>> {
  const { unproven, job } = prepareEntry(request, random);
  const early = checkEntry(request.context, { ...unproven, proof: PLACEHOLDER });
  if (!early.ok) return early;
  const proof = await prove(job);
  if (!proof.ok) return proof;
  const { a, b, c } = proof.value;
  return accept({ ...unproven, proof: { a, b, c } });
}

/** The same with the listing salt under which the entry will stand on the board: what is posted. SPEC §9.1. */
export async function makeBody(request: SigningRequest, prove: Prover, random: Random): Promise<Checked<Body, MakingFailure>> {
  const entry = await makeEntry(request, prove, random);
  return entry.ok ? accept({ entry: entry.value, salt: createListingSalt(random) }) : entry;
}

// Lets everything else about an entry be checked before seconds are spent on its proof.
const PLACEHOLDER: Proof = {
  a: ['0', '0'],
  b: [
    ['0', '0'],
    ['0', '0'],
  ],
  c: ['0', '0'],
};

function pairOf(point: Point): readonly [Field, Field] {
  const { x, y } = coordinates(point);
  return [x, y];
}

/** What to say for a signature, and for taking one back. */
export function sayAye(group: Hex32, minimum?: number): Said {
  return { action: 'sign', group, ...(minimum === undefined ? {} : { minimum }) };
}

/**
 * Takes back the one signature of this person in the group, made on whatever device. The token is sealed again, and never opened.
 */
export function sayWithdrawn(group: Hex32): Said {
  return { action: 'withdraw', group };
}

/** Refuses a proof whose signals are not the expected ones; names the first that differs. */
export function compareSignals(expected: readonly FieldText[], proved: readonly FieldText[]): Checked<true, 'PROOF_OTHER'> {
  const at = expected.findIndex((text, i) => text !== proved[i]);
  return at === -1 && expected.length === proved.length
    ? accept(true)
    : refuse('PROOF_OTHER', `the circuit came to another value (signal ${at + 1})`);
}
