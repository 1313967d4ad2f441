// SPEC §12.2: the parts of checking a record that take long and need nothing but their input

import type { Keyed } from '../key/key-judgement.ts';
import { checkRollLeaves, type RollFailure, type RollHeader } from '../member/roll.ts';
import { accept, type Checked } from '../messages/checked.ts';
import type { Hex32 } from '../messages/hash.ts';
import type { Field, FieldText } from '../numbers/field.ts';
import { type Point, type PointText, parsePoint } from '../numbers/point.ts';
import {
  checkOpening,
  clearPartials,
  type Opening,
  type OpeningFailure,
  type RevealedName,
  revealName,
  type Wave,
} from '../reveal/opening.ts';

/** A roll header that has passed, and the leaves beside it. */
export type LeavesToCheck = { header: RollHeader; leaves: readonly FieldText[] };

/** An opening that has passed `checkTrusteeMessage`, and the wave that it is to be of. */
export type OpeningToCheck = { statement: Hex32; verificationKeys: readonly PointText[]; wave: Wave; opening: Opening };

/** A part of a wave, with what k trustees' valid openings hold for each place in it. */
export type SealsToOpen = {
  scope: Field;
  seals: readonly { nullifier: FieldText; ciphertext: readonly FieldText[] }[];
  partials: readonly { trustee: number; points: readonly PointText[] }[];
};

/**
 * What a verifier may hand to other threads. Inputs and outputs are plain data that can be copied between them; points travel
 * as text.
 */
export type HeavyWork = {
  checkLeaves(input: LeavesToCheck): Promise<Checked<true, RollFailure>>;
  checkOpening(input: OpeningToCheck): Promise<Checked<true, OpeningFailure>>;
  /** The names in the order of the seals. */
  openSeals(input: SealsToOpen): Promise<RevealedName[]>;
};

/** Does the work where it is called. */
export const workHere: HeavyWork = {
  async checkLeaves({ header, leaves }) {
    const checked = checkRollLeaves(header, leaves);
    return checked.ok ? accept(true) : checked;
  },
  async checkOpening({ statement, verificationKeys, wave, opening }) {
    const checked = checkOpening(statement, keyedOf(verificationKeys), wave, opening);
    return checked.ok ? accept(true) : checked;
  },
  async openSeals({ scope, seals, partials }) {
    const cleared = partials.map(({ trustee, points }) => clearPartials(trustee, points));
    return seals.map((seal, i) => revealName(scope, seal, i, cleared));
  },
};

function keyedOf(texts: readonly PointText[]): Pick<Keyed, 'verificationKeys'> {
  return { verificationKeys: texts.map((text) => parsePoint(text) as Point) };
}
