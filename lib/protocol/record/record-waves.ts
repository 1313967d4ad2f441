// SPEC §12.2, steps 8 – 9: the waves of a record, their openings and the names that come out

import { checkShape } from '../messages/shape.ts';
import type { FieldText } from '../numbers/field.ts';
import { formatPoint, type PointText } from '../numbers/point.ts';
import type { Opening, RevealedName, Wave } from '../reveal/opening.ts';
import { sortNullifiers } from '../reveal/waves.ts';
import { isTriggerMet, totalOf } from '../statement/trigger.ts';
import { type WaveLine, waveLineShape } from './record.ts';
import type { BoardSection, ExpectedWave } from './record-board.ts';
import { PendingChecks } from './record-pending.ts';
import type { Notebook, RevealedSigner } from './record-report.ts';
import type { HeavyWork } from './record-work.ts';

type CurrentWave = { wave: Wave; openings: Opening[]; checks: PendingChecks; lastTrustee: number };

/** Openings of a wave that are checked at once. */
const OPENINGS_UNDER_WAY = 4;
/** Seals that are opened in one piece of work. */
const SEALS_A_PIECE = 256;
const PIECES_UNDER_WAY = 16;

/** Reads waves and the openings under each. What a wave line declares is used for its openings, so that one fault is told once. */
export class WaveSection {
  readonly names: RevealedSigner[] = [];
  /** For each wave, the trustees with a valid opening. */
  readonly progress: number[][] = [];
  private readonly board: BoardSection;
  private readonly work: HeavyWork;
  private readonly notebook: Notebook;
  private readonly verificationKeys: PointText[];
  private readonly expected: ExpectedWave[];
  private readonly finalUntil: number;
  private readonly opened = new Set<FieldText>();
  /** Those of them whose signature is in the record, by group. */
  private readonly openedByGroup = new Map<string, number>();
  private current: CurrentWave | null = null;
  private isClosed = false;
  /** The number of the checkpoint that the last wave named. */
  private lastCheckpoint = 0;

  constructor(board: BoardSection, work: HeavyWork, notebook: Notebook) {
    this.board = board;
    this.work = work;
    this.notebook = notebook;
    this.verificationKeys = board.keyed.verificationKeys.map(formatPoint);
    this.finalUntil = board.lastFinal();
    this.expected = board.expectedWaves.filter((wave) => wave.checkpointNumber <= this.finalUntil);
  }

  async readWave(line: number, value: unknown): Promise<void> {
    await this.finishWave();
    this.notebook.count('waves');
    const shaped = checkShape(waveLineShape, value);
    const fail = (code: string, detail?: string) => this.notebook.fail(line, 'waves', code, detail);
    if (!shaped.ok) return fail(shaped.code, shaped.detail);
    const wave = shaped.value;
    if (wave.statement !== this.board.context.id) fail('OTHER_STATEMENT', 'the wave is of another statement');
    else if (wave.number !== this.progress.length + 1) fail('WAVE_NUMBER', `expected wave ${this.progress.length + 1}`);
    else this.checkWave(wave, fail);
    this.progress.push([]);
    this.current = { wave, openings: [], checks: new PendingChecks(OPENINGS_UNDER_WAY), lastTrustee: 0 };
    for (const { nullifier } of wave.items) this.noteOpened(nullifier);
  }

  async readOpening(line: number, opening: Opening): Promise<void> {
    const fail = (code: string, detail?: string) => this.notebook.fail(line, 'openings', code, detail);
    const { current, board, verificationKeys } = this;
    if (!current || opening.trustee <= current.lastTrustee) return fail('LINE_ORDER', 'openings stand under their wave, by trustee');
    current.lastTrustee = opening.trustee;
    const check = this.work.checkOpening({ statement: board.context.id, verificationKeys, wave: current.wave, opening });
    await current.checks.add(
      check.then((checked) => {
        if (checked.ok) current.openings.push(opening);
        else fail(checked.code, checked.detail);
      }),
    );
  }

  /** Ends the last wave and reports, once, those that final checkpoints call for and the record lacks. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.finishWave();
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
    const number = board.numbers.get(wave.checkpoint) ?? 0;
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
    const all = this.opened.size + nullifiers.length;
    const counts = new Map(this.openedByGroup);
    for (const nullifier of nullifiers) this.countIn(counts, nullifier);
    // An unknown one is an entry whose absence or change was reported at its own place.
    if (totalOf(counts) < all && !board.hasFaults) return fail('WAVE_ENTRY', 'a signature of the wave is not in the record');
    if (totalOf(counts) < all) return;
    if (!isTriggerMet(board.context.statement.trigger, counts)) return fail('WAVE_MISMATCH', 'the trigger is not met');
    const exceeds = nullifiers.some((nullifier) => (board.sealed.get(nullifier)?.minimum ?? 1) > all);
    if (exceeds) fail('WAVE_MISMATCH', 'a personal minimum is not met');
  }

  private noteOpened(nullifier: FieldText): void {
    if (this.opened.has(nullifier)) return;
    this.opened.add(nullifier);
    this.countIn(this.openedByGroup, nullifier);
  }

  private countIn(counts: Map<string, number>, nullifier: FieldText): void {
    const group = this.board.sealed.get(nullifier)?.group;
    if (group !== undefined) counts.set(group, (counts.get(group) ?? 0) + 1);
  }

  private async finishWave(): Promise<void> {
    const { current, board } = this;
    this.current = null;
    if (!current) return;
    await current.checks.settle();
    const openings = current.openings.sort((a, b) => a.trustee - b.trustee);
    this.progress[this.progress.length - 1] = openings.map((opening) => opening.trustee);
    const { threshold } = board.context.statement.committee;
    if (openings.length >= threshold) await this.openSeals(current.wave, openings.slice(0, threshold));
  }

  /** Takes the names out of a wave, piece by piece; those whose entry is not in the record stay closed. */
  private async openSeals(wave: Wave, openings: readonly Opening[]): Promise<void> {
    const { sealed, context } = this.board;
    const places = wave.items.flatMap(({ nullifier }, place) => {
      const found = sealed.get(nullifier);
      return found ? [{ place, nullifier, ...found }] : [];
    });
    const pieces: RevealedName[][] = [];
    const pending = new PendingChecks(PIECES_UNDER_WAY);
    for (let start = 0; start < places.length; start += SEALS_A_PIECE) {
      const piece = places.slice(start, start + SEALS_A_PIECE);
      const partials = openings.map((opening) => ({
        trustee: opening.trustee,
        points: piece.map(({ place }) => opening.partials[place] as PointText),
      }));
      const seals = piece.map(({ nullifier, ciphertext }) => ({ nullifier, ciphertext }));
      const opened = this.work.openSeals({ scope: context.scope, seals, partials }).then((names) => {
        this.notebook.count('names', names.length);
        pieces[start / SEALS_A_PIECE] = names;
      });
      await pending.add(opened);
    }
    await pending.settle();
    const names = pieces.flat();
    for (const [i, { nullifier, group }] of places.entries())
      this.names.push({ nullifier, group, wave: wave.number, ...(names[i] as RevealedName) });
  }
}
