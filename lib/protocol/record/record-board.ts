// SPEC §12.2, steps 4 – 7: the checkpoints of a record, their entries and cosignatures
import {
  type BoardHead,
  type Cosignature,
  checkCheckpoint,
  checkNextCheckpoint,
  emptyBoard,
  findEquivocations,
  headOf,
  lastFinal,
} from '../board/board.ts';
import { checkEntry, compareEntries, type Entry, entryHash, publicSignals } from '../board/signature.ts';
import type { Keyed } from '../key/key-judgement.ts';
import type { Hex32 } from '../messages/hash.ts';
import { checkShape } from '../messages/shape.ts';
import type { FieldText } from '../numbers/field.ts';
import { admitEntry, closeCheckpoint, createTally } from '../reveal/waves.ts';
import type { StatementContext } from '../statement/statement.ts';
import { checkpointLineShape, stubShape } from './record.ts';
import { PlacesInList } from './record-places.ts';
import { ProofQueue } from './record-proofs.ts';
import type { Notebook, ProofSystem } from './record-report.ts';

/** What the waves need of a signature after its line has passed; the numbers are those of checkpoints. */
export type SealedName = Pick<Entry, 'ephemeral' | 'ciphertext'> & {
  group: Hex32;
  minimum: number;
  checkpointNumber: number;
  withdrawnAt: number;
};
/** What one checkpoint lets open if it is final. */
export type ExpectedWave = { checkpointNumber: number; nullifiers: FieldText[] };

/**
 * Reads checkpoints and the entries under them. A checkpoint's own list of hashes says which entries must follow, so a
 * changed or missing entry is one failure and does not make the next lines wrong.
 */
export class BoardSection {
  readonly context: StatementContext;
  readonly keyed: Keyed;
  readonly hashes: Hex32[] = [];
  /** The number of each checkpoint by its hash. */
  readonly numbers = new Map<Hex32, number>();
  readonly sealed = new Map<FieldText, SealedName>();
  readonly expectedWaves: ExpectedWave[] = [];
  signatures = 0;
  stubs = 0;
  /** The first checkpoint with an entry that could not be read: from there on waves cannot be derived again, only checked. */
  exactUntil = Number.POSITIVE_INFINITY;
  /** Whether an entry was missing or altered, which was reported at its place. */
  hasFaults = false;
  /** The proofs of all entries; the record is judged only after it has settled. */
  readonly queue: ProofQueue;
  private readonly notebook: Notebook;
  private readonly tally = createTally();
  private head: BoardHead;
  private line = 0;
  private expected: readonly Hex32[] = [];
  private position = 0;
  private places = new PlacesInList([]);
  /** Entries that the list names before those already read, and that have not come: missing, or out of order. */
  private readonly skipped = new Set<Hex32>();
  private previous: Entry | null = null;
  private stubLines: number[] = [];
  private readonly cosignatures: { line: number; message: Cosignature }[] = [];

  constructor(context: StatementContext, keyed: Keyed, proofs: ProofSystem, notebook: Notebook) {
    this.context = context;
    this.keyed = keyed;
    this.queue = new ProofQueue(context.statement.verificationKey, proofs, notebook);
    this.notebook = notebook;
    this.head = emptyBoard(keyed.transcript);
  }

  async read(line: number, type: 'checkpoint' | 'entry' | 'stub', value: unknown): Promise<void> {
    this.line = line;
    if (type === 'checkpoint') return this.readCheckpoint(value);
    this.notebook.count('signatures');
    if (this.head.number === 0) return this.fail('signatures', 'LINE_ORDER', 'an entry before any checkpoint');
    return type === 'stub' ? this.readStub(value) : this.readEntry(value);
  }

  readCosignature(line: number, message: Cosignature): void {
    this.cosignatures.push({ line, message });
  }

  /** Ends the list of the checkpoint being read and derives what it opens. */
  async close(): Promise<void> {
    if (this.head.number === 0 || this.line === 0) return;
    this.skipTo(this.expected.length);
    for (const hash of this.skipped) this.failMissing(hash);
    this.skipped.clear();
    const nullifiers = closeCheckpoint(this.context, this.tally);
    if (nullifiers) this.expectedWaves.push({ checkpointNumber: this.head.number, nullifiers });
    this.line = 0;
  }

  /** The number of the last final checkpoint. Reports cosignatures that name another checkpoint than the one in the record. */
  lastFinal(): number {
    const all = this.cosignatures.map(({ message }) => message);
    const forkers = this.forkers;
    for (const { line, message } of this.cosignatures) {
      if (this.hashes[message.number - 1] === message.checkpoint || forkers.includes(message.trustee)) continue;
      const detail = `the record has no such checkpoint ${message.number} as trustee ${message.trustee} cosigned`;
      this.notebook.fail(line, 'cosignatures', 'COSIGNATURE_CHECKPOINT', detail);
    }
    return lastFinal(this.context.statement, this.hashes, all);
  }

  /** The time of the last checkpoint; 0 before the first. Unix seconds. */
  get time(): number {
    return this.head.time;
  }

  /** Trustees that cosigned two checkpoints of one number. */
  get forkers(): number[] {
    return findEquivocations(this.cosignatures.map(({ message }) => message));
  }

  /** Stubs may stand only in the record of a statement that had ended when it was written. SPEC §11. */
  checkStubs(hasEnded: boolean): void {
    if (hasEnded) return;
    for (const line of this.stubLines)
      this.notebook.fail(line, 'signatures', 'STUB_EARLY', 'an entry was removed before the statement ended');
  }

  private async readCheckpoint(value: unknown): Promise<void> {
    const line = this.line;
    await this.close();
    this.line = line;
    this.notebook.count('checkpoints');
    const shaped = checkShape(checkpointLineShape, value);
    if (!shaped.ok) return this.fail('checkpoints', shaped.code, shaped.detail);
    const { entries, ...message } = shaped.value;
    const checkpoint = checkCheckpoint(this.context, message);
    const next = checkNextCheckpoint(this.context, this.head, message, entries);
    if (!checkpoint.ok) this.fail('checkpoints', checkpoint.code, checkpoint.detail);
    else if (!next.ok) this.fail('checkpoints', next.code, next.detail);
    // Places are counted: a wrong number was reported above, and one of billions in a hostile file must not size the list.
    this.head = { ...headOf(message), number: this.head.number + 1 };
    this.hashes.push(this.head.hash);
    if (!this.numbers.has(this.head.hash)) this.numbers.set(this.head.hash, this.head.number);
    this.expected = entries;
    this.places = new PlacesInList(entries);
    this.position = 0;
    this.previous = null;
  }

  private readStub(value: unknown): void {
    const shaped = checkShape(stubShape, value);
    if (!shaped.ok) return this.fail('signatures', shaped.code, shaped.detail);
    if (!this.take(shaped.value.entry)) return;
    this.stubs++;
    this.stubLines.push(this.line);
    this.loseExactness();
  }

  private async readEntry(value: unknown): Promise<void> {
    const checked = checkEntry(this.context, value);
    if (!checked.ok) {
      this.position++;
      this.noteFault();
      return this.fail('signatures', checked.code, checked.detail);
    }
    const entry = checked.value;
    const hash = entryHash(entry);
    if (!this.take(hash)) return;
    if (this.previous && compareEntries(this.previous, entry) >= 0)
      this.fail('signatures', 'ENTRY_ORDER', 'entries must rise by nullifier');
    this.previous = entry;
    const admitted = admitEntry(this.tally, entry, hash);
    // The signature that a withdrawal names may stand as a stub.
    const isExcused = !admitted.ok && admitted.code === 'NOTHING_TO_WITHDRAW' && this.exactUntil !== Number.POSITIVE_INFINITY;
    if (!admitted.ok && !isExcused) this.fail('signatures', admitted.code, admitted.detail);
    if (entry.said.action === 'sign' && admitted.ok) {
      this.signatures++;
      const { ephemeral, ciphertext, said } = entry;
      const checkpointNumber = this.head.number;
      this.sealed.set(entry.nullifier, {
        ephemeral,
        ciphertext,
        group: said.group,
        minimum: said.minimum ?? 1,
        checkpointNumber,
        withdrawnAt: Number.POSITIVE_INFINITY,
      });
    }
    const withdrawn = entry.said.action === 'withdraw' ? this.sealed.get(entry.nullifier) : undefined;
    if (withdrawn) withdrawn.withdrawnAt = Math.min(withdrawn.withdrawnAt, this.head.number);
    await this.queue.add(this.line, entry.proof, publicSignals(this.context, this.keyed.key, entry));
  }

  /** Matches a line against the checkpoint's list; false when it is not the entry that must stand here. */
  private take(hash: Hex32): boolean {
    const found = this.places.find(hash, this.position);
    if (found !== null) {
      this.skipTo(found);
      this.position = found + 1;
      return true;
    }
    this.noteFault();
    if (this.skipped.delete(hash)) this.fail('signatures', 'ENTRY_ORDER', 'the checkpoint lists this entry before others that stand above');
    else if (this.places.has(hash)) this.fail('signatures', 'ENTRY_REPEATED', 'this entry stands twice');
    else if (this.position >= this.expected.length) this.fail('signatures', 'ENTRY_NOT_LISTED', 'the checkpoint lists no such entry');
    else {
      this.position++;
      this.fail('signatures', 'ENTRY_ALTERED', 'not the entry that the checkpoint lists here');
    }
    return false;
  }

  private skipTo(position: number): void {
    if (position > this.position) this.noteFault();
    for (const hash of this.expected.slice(this.position, position)) this.skipped.add(hash);
    this.position = position;
  }

  private noteFault(): void {
    this.hasFaults = true;
    this.loseExactness();
  }

  private failMissing(hash: Hex32): void {
    this.notebook.fail(
      0,
      'signatures',
      'ENTRY_MISSING',
      `checkpoint ${this.head.number} lists the entry ${hash}, which is not in the record`,
    );
  }

  private loseExactness(): void {
    this.exactUntil = Math.min(this.exactUntil, this.head.number);
  }

  private fail(step: 'checkpoints' | 'signatures', code: string, detail?: string): void {
    this.notebook.fail(this.line, step, code, detail);
  }
}
