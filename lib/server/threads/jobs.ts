import type { Checked } from '../../protocol/checked.ts';
import type { Field, FieldText } from '../../protocol/field.ts';
import type { Hex32 } from '../../protocol/hash.ts';
import type { Opening, RevealedName, Wave } from '../../protocol/opening.ts';
import type { PointText } from '../../protocol/point.ts';
import type { RollFailure, RollHeader } from '../../protocol/roll.ts';
import type { Proof } from '../../protocol/signature.ts';

/** What the threads do. Points travel as text: their objects cannot be copied from thread to thread. */
export type Jobs = {
  /** The positions of proofs that do not hold. */
  verifyProofs: { input: { verificationKey: Hex32; items: { proof: Proof; publicSignals: Field[] }[] }; output: number[] };
  /** Whether an opening of a wave holds. */
  checkOpening: { input: { statement: Hex32; verificationKeys: PointText[]; wave: Wave; opening: Opening }; output: boolean };
  /** The names of a wave in its order, from k openings that hold. */
  revealNames: {
    input: {
      statement: Hex32;
      scope: Field;
      verificationKeys: PointText[];
      wave: Wave;
      ciphertexts: (readonly FieldText[])[];
      openings: Opening[];
    };
    output: RevealedName[];
  };
  layOutRoll: {
    input: { header: RollHeader; leaves: string[]; before: Uint8Array | null };
    output: Checked<{ file: Uint8Array; tree: Uint8Array }, RollFailure>;
  };
};

export type JobName = keyof Jobs;
export type Request = { [J in JobName]: { job: J; input: Jobs[J]['input'] } }[JobName];
export type Reply = { ok: true; output: Jobs[JobName]['output'] } | { ok: false; reason: string };
