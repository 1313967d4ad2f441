// SPEC §12.5: what a verifier says of a record
import type { Proof } from '../board/signature.ts';
import type { Blame } from '../key/complaints.ts';
import type { Hex32 } from '../messages/hash.ts';
import type { Field } from '../numbers/field.ts';
import type { NamedWave } from '../reveal/destruction.ts';
import type { RevealedName } from '../reveal/names.ts';
import type { StateName } from '../statement/outcome.ts';
import type { Statement } from '../statement/statement.ts';

/** What is checked, in the order of the record; pages and commands list them by these names. */
export const STEPS = [
  'statement',
  'rolls',
  'key',
  'checkpoints',
  'cosignatures',
  'waves',
  'entries',
  'proofs',
  'mixes',
  'openings',
  'names',
  'destruction',
  'end',
] as const;
export type Step = (typeof STEPS)[number];

export type Failure = {
  /** The line at fault, from 1; 0 when the fault is that a line is missing. */
  line: number;
  step: Step;
  code: string;
  detail: string;
};

/** The failures that a report lists. Their number is exact beyond it: a file of nothing but faults must not fill the memory. SPEC §12.5. */
export const MOST_FAILURES = 1_000;

/** As many as none of each step. */
export function noneOfEach(): Record<Step, number> {
  return Object.fromEntries(STEPS.map((step) => [step, 0])) as Record<Step, number>;
}

/** The sum over all steps. */
export function countAll(counts: Readonly<Record<Step, number>>): number {
  return STEPS.reduce((sum, step) => sum + counts[step], 0);
}

export type RecordReport = {
  /** True when nothing failed: then names and outcome can be relied on as far as SPEC §12.6 says. */
  ok: boolean;
  /** By line; no more than the first `MOST_FAILURES` that were found. */
  failures: Failure[];
  /** How many failures there are of each step, listed or not. */
  failed: Record<Step, number>;
  /** How many things of each kind were checked, failed ones included. */
  checked: Record<Step, number>;
  lines: number;
  statement: Statement | null;
  id: Hex32 | null;
  /** Whose members could sign, and under which issuer's key: a name is anybody's. None while the rolls are not known to be the statement's. */
  groups: { id: Hex32; name: string; issuer: Hex32; size: number }[];
  state: StateName | null;
  /** When the platform wrote the record, Unix seconds, by its own clock: nothing in the record can show that it was right. */
  writtenAt: number | null;
  /** The hash of all lines before the end, as the end names it: two copies of one record have the same. */
  hash: Hex32 | null;
  /** Number and hash of the last checkpoint: to be compared with what others were shown. */
  head: { number: number; checkpoint: Hex32 } | null;
  /** Signatures without an effective withdrawal at the last final checkpoint, all groups together. A quorum vouches for them. */
  signatures: number;
  names: RevealedName[];
  /** For each wave, the trustees with a valid opening. */
  openedBy: number[][];
  /** Waves that k trustees found due and that are not in the record: they were not opened. */
  unopened: NamedWave[];
  destroyedBy: number[];
  /** Trustees at fault by their own signed messages. Their fault does not make the record wrong. */
  culprits: (Blame | { trustee: number; reason: 'FORKED' })[];
  /** Names that stand more than once as far as the eye can tell: perhaps one person with two identities. */
  equalNames: string[];
  /** Signatures whose token was opened before, in the same group: one name that stands in two places of a roll. */
  equalTokens: number;
};

export type ProofToCheck = { proof: Proof; publicSignals: readonly Field[] };

/** What the verifier needs from outside the protocol: the keys it accepts, and a Groth16 verifier. */
export type ProofSystem = {
  /** Whether the verification key is listed in the manifest that came with this software, made by that setup. */
  isListed(verificationKey: Hex32, setup: Hex32): boolean;
  /** The positions of the proofs in the batch that do not hold under that key. */
  findBadProofs(verificationKey: Hex32, batch: readonly ProofToCheck[]): Promise<number[]>;
};

/** Notes failures and counts as chapters find them. */
export type Notebook = {
  fail(line: number, step: Step, code: string, detail?: string): void;
  count(step: Step, number?: number): void;
  /** Whether a failure of this step has been noted. */
  hasFailed(step: Step): boolean;
};
