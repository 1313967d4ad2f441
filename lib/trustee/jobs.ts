// What a trustee has done off its main thread. All of it is copied from thread to thread: points and lists travel as text.
import type { VerificationKey } from '#lib/proof/verification-key.ts';
import type { BoardFailure, ReadEntry } from '#lib/protocol/board/reader.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { PointText, Scalar } from '#lib/protocol/numbers/point.ts';
import type { ProofToCheck } from '#lib/protocol/record/report.ts';
import type { ListText } from '#lib/protocol/record/work.ts';
import type { MixFailure, MixPlace, MixSetting, MixStep } from '#lib/protocol/reveal/mix.ts';
import type { ChainEnd, Opening, OpeningFailure, PartialList } from '#lib/protocol/reveal/opening.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';

/** Lists that a step shuffles: those of the entries of a wave, or the lines of the step before. */
export type InputsText = { entries: ListText[] } | { lines: string[] };

/** What mixing a wave depends on. */
export type SettingText = Omit<MixSetting, 'key' | 'start'> & { key: PointText };

/** The end of a chain, with the lines of its last lists. */
export type EndText = Omit<ChainEnd, 'lists'> & { lines: string[] };

/** A list that was shuffled, and its hash, which the step names. */
export type ListLine = { group: Hex32; hash: Hex32; line: string };

export type TrusteeJobs = {
  /** Whether the leaves of a roll, in the bytes of its file, are those of its header. */
  checkRoll: { input: { header: RollHeader; bytes: Uint8Array }; output: Checked<true, 'BAD_ROLL'> };
  /** Whether these are the capsules of a roll. */
  checkCapsules: { input: { header: RollHeader; bytes: Uint8Array }; output: Checked<true, 'BAD_CAPSULES'> };
  /** Reads the bodies of a checkpoint, but for their proofs. `key` is that of the statement. */
  readBodies: {
    input: { context: StatementContext; key: PointText; listed: readonly Hex32[]; bodies: readonly unknown[] };
    output: Checked<ReadEntry[], BoardFailure>;
  };
  /** The positions of proofs that do not hold, ascending. */
  checkProofs: { input: { hash: Hex32; key: VerificationKey; batch: readonly ProofToCheck[] }; output: number[] };
  /** Checks a step at its place, and gives the lines of its lists. */
  checkStep: { input: SettingText & { inputs: InputsText; step: MixStep }; output: Checked<string[], MixFailure> };
  /** Whether an opening is of the end of this chain, and holds. `key` is its author's verification key. */
  checkOpening: { input: { end: EndText; key: PointText; opening: Opening }; output: Checked<true, OpeningFailure> };
  /** Generators of commitments for lists of so many items. They are the same for all waves, and made once. */
  listGenerators: { input: { count: number }; output: PointText[] };
  /** Shuffles the lists of a step. Its permutations and its randomness are never said. */
  shuffle: {
    input: { trustee: number; setting: SettingText; place: Omit<MixPlace, 'inputs'>; inputs: InputsText; generators: PointText[] };
    output: ListLine[];
  };
  /** Makes the partials that follow on those that are `done`, each piece told as news, and proves all of them. */
  open: {
    input: { trustee: number; share: Scalar; key: PointText; end: EndText; done: PointText[] };
    news: PointText[];
    output: { lists: PartialList[]; proof: Opening['proof'] };
  };
};
