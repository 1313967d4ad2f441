// SPEC §12.2, steps 8 – 9: the waves of a record, their openings and the names that come out
import type { FieldText } from './field.ts';
import { type ClearedOpening, checkOpening, type Opening, revealName, type Wave } from './opening.ts';
import { type WaveLine, waveLineShape } from './record.ts';
import type { BoardSection, ExpectedWave } from './record-board.ts';
import type { Notebook, RevealedSigner } from './record-report.ts';
import { checkShape } from './shape.ts';
import { isTriggerMet } from './trigger.ts';
import { sortNullifiers } from './waves.ts';

type CurrentWave = { line: number; wave: Wave; openings: ClearedOpening[]; lastTrustee: number };

/** Reads waves and the openings under each. What a wave line declares is used for its openings, so that one fault is told once. */
export class WaveSection {
  readonly names: RevealedSigner[] = [];
  /** For each wave, the trustees with a valid opening. */
  readonly progress: number[][] = [];
  private readonly board: BoardSection;
  private readonly notebook: Notebook;
  private readonly expected: ExpectedWave[];
  private readonly finalUntil: number;
  private readonly opened = new Set<FieldText>();
  private current: CurrentWave | null = null;
  private isClosed = false;
  /** The number of the checkpoint that the last wave named. */
  private lastCheckpoint = 0;

  constructor(board: BoardSection, notebook: Notebook) {
    this.board = board;
    this.notebook = notebook;
    this.finalUntil = board.lastFinal();
    this.expected = board.expectedWaves.filter((wave) => wave.checkpointNumber <= this.finalUntil);
  }

  readWave(line: number, value: unknown): void {
    this.finishWave();
    this.notebook.count('waves');
    const shaped = checkShape(waveLineShape, value);
    const fail = (code: string, detail?: string) => this.notebook.fail(line, 'waves', code, detail);
    if (!shaped.ok) return fail(shaped.code, shaped.detail);
    const wave = shaped.value;
    if (wave.statement !== this.board.context.id) fail('OTHER_STATEMENT', 'the wave is of another statement');
    else if (wave.number !== this.progress.length + 1) fail('WAVE_NUMBER', `expected wave ${this.progress.length + 1}`);
    else this.checkWave(wave, fail);
    this.progress.push([]);
    this.current = { line, wave, openings: [], lastTrustee: 0 };
    for (const item of wave.items) this.opened.add(item.nullifier);
  }

  readOpening(line: number, opening: Opening): void {
    const fail = (code: string, detail?: string) => this.notebook.fail(line, 'openings', code, detail);
    const { current, board } = this;
    if (!current || opening.trustee <= current.lastTrustee) return fail('LINE_ORDER', 'openings stand under their wave, by trustee');
    current.lastTrustee = opening.trustee;
    const checked = checkOpening(board.context.id, board.keyed, current.wave, opening);
    if (!checked.ok) return fail(checked.code, checked.detail);
    current.openings.push(checked.value);
    (this.progress.at(-1) as number[]).push(opening.trustee);
  }

  /** Ends the last wave and reports, once, those that final checkpoints call for and the record lacks. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.finishWave();
    for (const wave of this.expected.slice(this.progress.length))
      if (wave.checkpointNumber < this.board.exactUntil)
        this.notebook.fail(
          0,
          'waves',
          'WAVE_MISSING',
          `checkpoint ${wave.checkpointNumber} meets the trigger, and its wave is not in the record`,
        );
  }

  private checkWave(wave: WaveLine, fail: (code: string, detail?: string) => void): void {
    const { board } = this;
    const number = board.hashes.indexOf(wave.checkpoint) + 1;
    if (number === 0) return fail('WAVE_CHECKPOINT', 'the wave names a checkpoint that is not in the record');
    if (number > this.finalUntil) return fail('WAVE_NOT_FINAL', 'too few trustees have cosigned the checkpoint of this wave');
    const nullifiers = wave.items.map((item) => item.nullifier);
    const foreign = wave.items.find((item) => {
      const sealed = board.sealed.get(item.nullifier);
      return sealed && (sealed.ephemeral[0] !== item.ephemeral[0] || sealed.ephemeral[1] !== item.ephemeral[1]);
    });
    if (foreign) return fail('WAVE_ENTRY', 'an ephemeral is not that of the signature');
    if (number < board.exactUntil) {
      const expected = this.expected[wave.number - 1];
      const fits = expected?.checkpointNumber === number && expected.nullifiers.join() === nullifiers.join();
      if (!fits) fail('WAVE_MISMATCH', 'not the signatures that this checkpoint opens');
    } else this.checkDeclared(number, nullifiers, fail);
    this.lastCheckpoint = number;
  }

  /** Where entries stand as stubs or are missing, a wave cannot be derived again; what it declares must still be allowed. */
  private checkDeclared(checkpoint: number, nullifiers: readonly FieldText[], fail: (code: string, detail?: string) => void): void {
    const { board } = this;
    if (checkpoint <= this.lastCheckpoint) return fail('WAVE_MISMATCH', 'the wave before is of this checkpoint or a later one');
    if (nullifiers.some((nullifier) => (board.sealed.get(nullifier)?.checkpointNumber ?? 0) > checkpoint))
      return fail('WAVE_MISMATCH', 'a signature came after this checkpoint');
    if (nullifiers.some((nullifier) => (board.sealed.get(nullifier)?.withdrawnAt ?? Number.POSITIVE_INFINITY) <= checkpoint))
      return fail('WAVE_MISMATCH', 'a signature was withdrawn by then');
    if (sortNullifiers(nullifiers).join() !== nullifiers.join() || new Set(nullifiers).size !== nullifiers.length)
      return fail('WAVE_MISMATCH', 'signatures must rise by nullifier and stand once');
    if (nullifiers.some((nullifier) => this.opened.has(nullifier))) return fail('WAVE_MISMATCH', 'a signature was opened before');
    const all = [...this.opened, ...nullifiers];
    const known = all.map((nullifier) => board.sealed.get(nullifier)).filter((sealed) => sealed !== undefined);
    // An unknown one is an entry whose absence or change was reported at its own place.
    if (known.length < all.length && !board.hasFaults) return fail('WAVE_ENTRY', 'a signature of the wave is not in the record');
    if (known.length < all.length) return;
    const counts = new Map<string, number>();
    for (const { group } of known) counts.set(group, (counts.get(group) ?? 0) + 1);
    if (!isTriggerMet(board.context.statement.trigger, counts)) return fail('WAVE_MISMATCH', 'the trigger is not met');
    const exceeds = nullifiers.some((nullifier) => (board.sealed.get(nullifier)?.minimum ?? 1) > all.length);
    if (exceeds) fail('WAVE_MISMATCH', 'a personal minimum is not met');
  }

  private finishWave(): void {
    const { current, board } = this;
    this.current = null;
    const { threshold } = board.context.statement.committee;
    if (!current || current.openings.length < threshold) return;
    const chosen = current.openings.slice(0, threshold);
    current.wave.items.forEach((item, i) => {
      const sealed = board.sealed.get(item.nullifier);
      if (!sealed) return;
      const name = revealName(board.context.scope, { nullifier: item.nullifier, ciphertext: sealed.ciphertext }, i, chosen);
      this.notebook.count('names');
      this.names.push({ nullifier: item.nullifier, group: sealed.group, wave: current.wave.number, ...name });
    });
  }
}
