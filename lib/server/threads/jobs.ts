import type { Entry, Proof } from '#lib/protocol/board/signature.ts';
import type { RollFailure, RollHeader } from '#lib/protocol/member/roll.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import type { PointText } from '#lib/protocol/numbers/point.ts';
import type { Mix, MixFailure } from '#lib/protocol/reveal/mix.ts';
import type { Names } from '#lib/protocol/reveal/names.ts';
import type { Opening } from '#lib/protocol/reveal/opening.ts';
import type { Wave } from '#lib/protocol/reveal/wave-content.ts';
import type { LaidOutRoll } from '../rolls/lay-out-roll.ts';
import type { Receiver, receiveBytes } from './receive-message.ts';

/** A step at a place where it may stand. Its lists, and those that it shuffles, are the text that came or is stored. */
export type StepText = {
  statement: Hex32;
  key: PointText;
  wave: number;
  content: Hex32;
  mix: Mix;
  lists: string[];
  /** What it shuffles: the entries of the wave, or the lists of the step before. */
  inputs: { wave: Wave; entries: Entry[] } | { lists: string[] };
};

/** An opening of a chain that stands, and the lists of its last step. */
export type OpeningText = {
  statement: Hex32;
  verificationKeys: PointText[];
  wave: number;
  content: Hex32;
  mix: Hex32;
  lists: string[];
  opening: string;
};

/** The lists of one group in opened chains, each with k openings of its chain, and the capsules of the roll. */
export type NamesText = {
  statement: Hex32;
  header: RollHeader;
  capsules: Uint8Array;
  /** `place` is that of the list among those of the step. */
  parts: { wave: number; place: number; list: string; openings: Opening[] }[];
};

/** What the threads do. Points travel as text: their objects cannot be copied from thread to thread. */
export type Jobs = {
  /** The positions of proofs that do not hold. */
  verifyProofs: { input: { verificationKey: Hex32; items: { proof: Proof; publicSignals: Field[] }[] }; output: number[] };
  /**
   * The hash of a message whose signed bytes are these; null where the signature is not the key's. Who sends long ones makes nobody work:
   * they are only hashed.
   */
  checkSignature: { input: { key: Hex32; signature: string; signed: Uint8Array }; output: Hex32 | null };
  /** The first look at a message that is long. */
  receiveMessage: { input: { context: Receiver; bytes: Uint8Array }; output: ReturnType<typeof receiveBytes> };
  /** Checks a step and gives its lists in their one spelling. */
  checkMix: { input: StepText; output: Checked<{ hash: Hex32; body: string }[], MixFailure | 'NOT_JSON' | 'BAD_SHAPE'> };
  /** Whether an opening of a chain holds. */
  checkOpening: { input: OpeningText; output: boolean };
  /** The names of one group in each of these waves. */
  readNames: { input: NamesText; output: Names[] };
  layOutRoll: {
    input: { header: RollHeader; leaves: string[]; capsules: Uint8Array; before: Uint8Array | null };
    output: Checked<LaidOutRoll, RollFailure | 'BAD_CAPSULES'>;
  };
};
