// SPEC §12.3: checking a record, one line at a time
import { abortForSilence } from '../key/key-judgement.ts';
import { parseCanonicalJson } from '../messages/json.ts';
import { checkShape } from '../messages/shape.ts';
import { CHAPTERS } from './chapters.ts';
import { Position } from './position.ts';
import { createReading, type Reading } from './reading.ts';
import { type Failure, MOST_FAILURES, type Notebook, noneOfEach, type ProofSystem, type RecordReport, type Step } from './report.ts';
import { describeReading } from './summary.ts';
import { type HeavyWork, workHere } from './work.ts';
import { createLineHash } from './writer.ts';

/**
 * Reads a record line by line and names each failure with its line, up to a bound. It holds what later lines need (hashes, nullifiers,
 * the lists of one wave), never the proofs, so memory grows only slowly with the number of signatures.
 *
 * `push` every line without its line feed, in order, awaiting each; then `finish`. A verifier is used once.
 */
export class RecordVerifier {
  private readonly hash = createLineHash();
  private readonly failures: Failure[] = [];
  private readonly checked = noneOfEach();
  private readonly failed = noneOfEach();
  private readonly notebook: Notebook = {
    fail: (line, step, code, detail = '') => {
      this.failed[step]++;
      if (this.failures.length < MOST_FAILURES) this.failures.push({ line, step, code, detail });
    },
    count: (step, number = 1) => {
      this.checked[step] += number;
    },
    hasFailed: (step) => this.failed[step] > 0,
  };
  private readonly position = new Position(CHAPTERS);
  private readonly reading: Reading;
  /** Whether a line of type `end` has been read, good or not. */
  private hasEnded = false;

  /** `work` may spread what takes long over other threads; without it everything is done here. */
  constructor(proofs: ProofSystem, work: HeavyWork = workHere) {
    this.reading = createReading(this.notebook, proofs, work, () => this.hash.state());
  }

  /** How many failures of each kind have been found so far. */
  get failedSoFar(): Readonly<Record<Step, number>> {
    return this.failed;
  }

  /** How many things of each kind have been checked so far. */
  get checkedSoFar(): Readonly<Record<Step, number>> {
    return this.checked;
  }

  /** Reads a line. `isEnded` says whether a line feed follows, which only the last line of a file can lack. SPEC §12.3. */
  async push(text: string, isEnded = true): Promise<void> {
    const { reading, position } = this;
    reading.line++;
    if (this.hasEnded) return this.fail('end', 'AFTER_END', 'nothing may follow the end of the record');
    const parsed = parseCanonicalJson(text);
    if (!isEnded) this.fail('end', 'LINE_CUT', 'the file stops within its last line: it is cut off');
    if (!isEnded && !parsed.ok) return;
    const spot = parsed.ok ? position.find(parsed.value) : null;
    const step = spot?.row.step ?? this.stepHere();
    if (spot?.row.type !== 'end') this.hash.add(text);
    this.hasEnded = spot?.row.type === 'end';
    if (!parsed.ok) return this.stopIfFirst(step, parsed.code, parsed.detail);
    if (reading.line === 1 && spot?.row.type !== 'header')
      return this.stopIfFirst('statement', 'NO_HEADER', 'a record begins with its statement');
    if (!spot) return this.fail(step, 'BAD_SHAPE', 'this kind of line does not exist');
    if (!position.mayFollow(spot)) return this.fail(step, 'LINE_ORDER', `a line of type "${spot.row.type}" may not stand here`);
    await this.closeChapters(position.isRepetition(spot) ? spot.chapter + 1 : spot.chapter);
    position.moveTo(spot);
    if (!this.canJudge(spot.chapter)) return;
    if (!spot.row.countsItself) this.notebook.count(step);
    const shaped = checkShape(spot.row.shape, parsed.value);
    if (!shaped.ok) return this.stopIfFirst(step, shaped.code, shaped.detail);
    if (!position.takePlace(spot.row.place(shaped.value as never)))
      return this.fail(step, 'LINE_ORDER', `a line of type "${spot.row.type}" does not come after the one before`);
    await spot.row.read(reading, shaped.value as never);
  }

  /** Finishes pending checks and says what the record shows. @throws what the proof system threw: then nothing is known */
  async finish(): Promise<RecordReport> {
    const { reading } = this;
    if (reading.line === 0) this.notebook.fail(0, 'statement', 'NO_HEADER', 'the record is empty');
    else if (!this.hasEnded) await this.closeChapters(CHAPTERS.length - 1);
    if (!reading.end && !this.hasEnded && reading.line > 0)
      this.notebook.fail(0, 'end', 'NO_END', 'the record does not end with the platform’s signature: it is cut off');
    await reading.rollChecks.settle();
    await reading.queue?.settle();
    // A committee has until `openBy`: a record written before that may simply be young.
    const isLate = reading.end && reading.context && reading.end.time > reading.context.statement.openBy;
    if (isLate && reading.key) reading.key = abortForSilence(reading.key);
    return describeReading(reading, { failures: this.failures, failed: this.failed, checked: this.checked });
  }

  /** Closes the chapters before one, as far as they could be judged: the one reached and those passed over. */
  private async closeChapters(next: number): Promise<void> {
    for (let chapter = this.position.chapter; chapter < next; chapter++) {
      if (this.reading.isStopped) return;
      if (this.canJudge(chapter)) await CHAPTERS[chapter]?.close?.(this.reading);
    }
  }

  /** Whether what a chapter needs was good. That a board stands without a key is told once. */
  private canJudge(chapter: number): boolean {
    const { reading, position } = this;
    const needs = CHAPTERS[chapter]?.needs;
    if (chapter === CHAPTERS.length - 1) return true;
    if (reading.isStopped || (needs !== 'nothing' && !reading.context)) return false;
    if (needs !== 'key' || reading.board) return true;
    if (position.chapter === chapter && !this.notebook.hasFailed('key'))
      this.fail('key', 'KEY_NOT_MADE', 'the committee did not finish the key');
    return false;
  }

  /** Without its first line nothing of a record can be judged. */
  private stopIfFirst(step: Step, code: string, detail?: string): void {
    if (this.reading.line === 1) this.reading.isStopped = true;
    this.fail(step, code, detail);
  }

  private fail(step: Step, code: string, detail?: string): void {
    this.notebook.fail(this.reading.line, step, code, detail);
  }

  /** What a line is counted to that cannot be read: the last line type of the chapter reached. */
  private stepHere(): Step {
    return CHAPTERS[this.position.chapter]?.lines[0]?.[0]?.step ?? 'end';
  }
}
