import { proveSign } from '#lib/proof/prover.ts';
import type { SignInput } from '#lib/proof/sign-input.ts';
import { signInput } from '#lib/proof/sign-input.ts';
import { hashJson } from '#lib/proof/verification-key.ts';
import { type Entry, messageOf, type Proof, publicSignals, type Said } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { seal } from '#lib/protocol/key/sealing.ts';
import { blindingOf } from '#lib/protocol/member/credential.ts';
import { packName } from '#lib/protocol/member/name.ts';
import { findPath } from '#lib/protocol/member/roll.ts';
import { middleLevel, plantTree } from '#lib/protocol/member/roll-tree.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { BASE, coordinates, formatPoint, multiplySecret } from '#lib/protocol/numbers/point.ts';
import { hash2 } from '#lib/protocol/numbers/poseidon.ts';
import { type Random, randomScalar } from '#lib/protocol/numbers/random.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { loadCurrentKey } from '#test/proof/current-key.ts';
import type { Member, TestGroup } from '#test/support/world.ts';

/** Proofs by the hash of verification key and public signals. A proof takes seconds and is never the same twice. */
export type KnownProofs = Record<string, Proof>;

/** Proves what is not known yet. `onNew` is told of each; where it throws, nothing is proved. `used` collects what was needed. */
export function createProver(known: KnownProofs, onNew: () => void, used: KnownProofs = {}) {
  return async (verificationKey: string, input: SignInput, signals: readonly Field[]): Promise<Proof> => {
    const name = hashJson({ verificationKey, signals: signals.map(String) });
    const proof = known[name];
    if (proof) {
      used[name] = proof;
      return proof;
    }
    onNew();
    const { hash, files } = await loadCurrentKey();
    if (hash !== verificationKey) throw new Error('only proofs under the current key can be made');
    const proved = await proveSign(signInput(input), files);
    if (proved.publicSignals.join() !== signals.join()) throw new Error('the circuit and the protocol disagree');
    used[name] = proved.proof;
    return proved.proof;
  };
}
export type Prover = ReturnType<typeof createProver>;

/** A signature as a wallet makes it, its seal and signals worked out by lib/protocol. */
export async function signOnce(
  prove: Prover,
  context: StatementContext,
  keyed: Keyed,
  group: TestGroup,
  member: number,
  said: Said,
  random: Random,
): Promise<Entry> {
  const { identity, name } = group.members[member] as Member;
  const path = findPath(group.header, group.leaves, middleLevel(plantTree(group.leaves, group.header.depth)), member);
  if (!path) throw new Error('no path');
  const nullifier = hash2(context.scope, identity.secret);
  const randomness = randomScalar(random);
  const sealed = seal(packName(name), keyed.key, { scope: context.scope, subject: nullifier }, randomness);
  const { x, y } = coordinates(keyed.key);
  const unproved: Omit<Entry, 'proof'> = {
    type: 'entry',
    statement: context.id,
    said,
    nullifier: formatField(nullifier),
    ephemeral: [...formatPoint(multiplySecret(BASE, randomness))] as [string, string],
    ciphertext: sealed.ciphertext.map(formatField) as [string, string, string, string],
  };
  const signals = publicSignals(context, keyed.key, unproved as Entry);
  const input: SignInput = {
    ...{ scope: context.scope, message: messageOf(said), key: [x, y], depth: group.header.depth, randomness },
    ...{ secret: identity.secret, blinding: blindingOf(identity, group.id), name: packName(name), ...path },
  };
  return { ...unproved, proof: await prove(context.statement.verificationKey, input, signals) };
}
