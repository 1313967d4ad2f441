import type { Proof } from '#lib/protocol/board/signature.ts';
import type { RollFailure, RollHeader } from '#lib/protocol/member/roll.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import type { PointText } from '#lib/protocol/numbers/point.ts';
import type { SealsToOpen } from '#lib/protocol/record/record-work.ts';
import type { RevealedName, Wave } from '#lib/protocol/reveal/opening.ts';
import type { Receiver, receiveBytes } from './receive-message.ts';

/** What the threads do. Points travel as text: their objects cannot be copied from thread to thread. */
export type Jobs = {
  /** The positions of proofs that do not hold. */
  verifyProofs: { input: { verificationKey: Hex32; items: { proof: Proof; publicSignals: Field[] }[] }; output: number[] };
  /** Whether a signature is the key's over these bytes, which no stranger can make long to judge: they are only hashed. */
  checkSignature: { input: { key: Hex32; signature: string; signed: Uint8Array }; output: boolean };
  /** The first look at a message that is long. */
  receiveMessage: { input: { context: Receiver; bytes: Uint8Array }; output: ReturnType<typeof receiveBytes> };
  /** Whether an opening of a wave, as it is stored, holds. */
  checkOpening: { input: { statement: Hex32; verificationKeys: PointText[]; wave: Wave; opening: string }; output: boolean };
  /** The names of a part of a wave. */
  openSeals: { input: SealsToOpen; output: RevealedName[] };
  layOutRoll: {
    input: { header: RollHeader; leaves: string[]; before: Uint8Array | null };
    output: Checked<{ file: Uint8Array; tree: Uint8Array }, RollFailure>;
  };
};

export type JobName = keyof Jobs;
export type Request = { [J in JobName]: { job: J; input: Jobs[J]['input'] } }[JobName];
export type Reply = { ok: true; output: Jobs[JobName]['output'] } | { ok: false; reason: string };
