import { proveSign } from '#lib/proof/prover.ts';
import type { CircuitInput } from '#lib/proof/sign-input.ts';
import { hashJson } from '#lib/proof/verification-key.ts';
import type { Entry, Proof, Said } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { FieldText } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { prepareEntry } from '#lib/signing/make-entry.ts';
import { loadCurrentKey } from '#test/proof/current-key.ts';
import { placeOf, systemRandom, type TestGroup } from '#test/support/world.ts';

/** Proofs by the hash of verification key and public signals. A proof takes seconds and is never the same twice. */
export type KnownProofs = Record<string, Proof>;

/** Proves what is not known yet. `onNew` is told of each; where it throws, nothing is proved. `used` collects what was needed. */
export function createProver(known: KnownProofs, onNew: () => void, used: KnownProofs = {}) {
  return async (verificationKey: string, input: CircuitInput, signals: readonly FieldText[]): Promise<Proof> => {
    const name = hashJson({ verificationKey, signals });
    const proof = known[name];
    if (proof) {
      used[name] = proof;
      return proof;
    }
    onNew();
    const { hash, files } = await loadCurrentKey();
    if (hash !== verificationKey) throw new Error('only proofs under the current key can be made');
    const proved = await proveSign(input, files, { random: systemRandom });
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
  const { unproven, job } = prepareEntry({ context, key: keyed, ...placeOf(group, member), said }, random);
  return { ...unproven, proof: await prove(job.verificationKey, job.input, job.expected) };
}
