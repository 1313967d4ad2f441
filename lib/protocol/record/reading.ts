// SPEC §12.3: what a verifier knows of a record as far as it has read it

import type { Cosignature } from '../board/cosignature.ts';
import type { Board } from '../board/reader.ts';
import type { Keyed, KeyState } from '../key/key-judgement.ts';
import type { KeyMessage } from '../key/key-messages.ts';
import type { RollHeader } from '../member/roll.ts';
import type { Hex32 } from '../messages/hash.ts';
import type { FieldText } from '../numbers/field.ts';
import type { Destroyed } from '../reveal/destruction.ts';
import type { RevealedName } from '../reveal/names.ts';
import type { Statement, StatementContext } from '../statement/statement.ts';
import type { CurrentWave, PastWave } from './current-wave.ts';
import type { End } from './lines.ts';
import { PendingChecks } from './pending.ts';
import type { RecordProofs } from './proof-queue.ts';
import type { Notebook, ProofSystem } from './report.ts';
import type { HeavyWork } from './work.ts';

/** Rolls whose leaves are hashed at once while lines are read on. */
const ROLLS_UNDER_WAY = 2;

/** Filled by the chapters one after the other; each reads what those before it left. */
export type Reading = {
  readonly notebook: Notebook;
  readonly proofs: ProofSystem;
  readonly work: HeavyWork;
  /** The number of the line being read, from 1, and how many were there before it with their hash. */
  line: number;
  lineHash: () => { lines: number; hash: Hex32 };
  statement: Statement | null;
  readonly headers: RollHeader[];
  readonly rollChecks: PendingChecks;
  context: StatementContext | null;
  readonly keyMessages: KeyMessage[];
  key: KeyState | null;
  /** There as soon as the key is made. */
  board: Board | null;
  queue: RecordProofs | null;
  /** The number of each checkpoint by its hash. */
  readonly numbers: Map<Hex32, number>;
  /** Live counts of each checkpoint, the first at index 0. */
  readonly live: { group: Hex32; count: number }[][];
  readonly cosignatures: { line: number; message: Cosignature }[];
  /** The number of the last final checkpoint. */
  final: number;
  wave: CurrentWave | null;
  readonly waves: PastWave[];
  /** Signatures of all waves so far: nullifiers, and counts by group. */
  readonly nullifiers: Set<FieldText>;
  readonly opened: Map<Hex32, number>;
  readonly names: RevealedName[];
  readonly destroyed: Destroyed[];
  end: End | null;
  /** Set when nothing but the end can be judged any more; the reason is among the failures. */
  isStopped: boolean;
};

export function createReading(notebook: Notebook, proofs: ProofSystem, work: HeavyWork, lineHash: Reading['lineHash']): Reading {
  return {
    ...{ notebook, proofs, work, line: 0, lineHash, statement: null, headers: [], rollChecks: new PendingChecks(ROLLS_UNDER_WAY) },
    ...{
      context: null,
      keyMessages: [],
      key: null,
      board: null,
      queue: null,
      numbers: new Map(),
      live: [],
      cosignatures: [],
      final: 0,
      wave: null,
    },
    ...{ waves: [], nullifiers: new Set(), opened: new Map(), names: [], destroyed: [], end: null, isStopped: false },
  };
}

/** The statement, checked. @throws TypeError where no chapter that needs it could have been reached */
export function contextOf({ context }: Reading): StatementContext {
  if (!context) throw new TypeError('"reading" has no checked statement');
  return context;
}

/** The key, made. @throws TypeError where no chapter that needs it could have been reached */
export function keyOf({ key }: Reading): Keyed {
  if (key?.status !== 'keyed') throw new TypeError('"reading" has no key');
  return key;
}
