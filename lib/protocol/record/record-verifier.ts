// SPEC §12.2: checking a record, one line at a time

import { abortForSilence, findMissingMessages, judgeKeyGeneration, type KeyState } from '../key/key-judgement.ts';
import type { KeyMessage } from '../key/key-messages.ts';
import { checkRollHeader, type RollHeader } from '../member/roll.ts';
import { isSignedBy } from '../messages/ed25519.ts';
import { parseCanonicalJson } from '../messages/json.ts';
import { checkShape } from '../messages/shape.ts';
import { checkTrusteeMessage, type TrusteeMessage } from '../messages/trustee-message.ts';
import { lookOf } from '../messages/visible-text.ts';
import { checkDestroyed, type Destroyed } from '../reveal/destruction.ts';
import { stateAt } from '../statement/outcome.ts';
import { checkStatement, destructionTime, type Statement, type StatementContext } from '../statement/statement.ts';
import { createLineHash, type End, endShape, headerLineShape, LINE_RANK, type LineType, type RollLine, rollLineShape } from './record.ts';
import { BoardSection } from './record-board.ts';
import { LineOrder, typeOf } from './record-order.ts';
import { PendingChecks } from './record-pending.ts';
import {
  countAll,
  type Failure,
  MOST_FAILURES,
  type Notebook,
  noneOfEach,
  type ProofSystem,
  type RecordReport,
  type Step,
} from './record-report.ts';
import { WaveSection } from './record-waves.ts';
import { type HeavyWork, workHere } from './record-work.ts';

/** Rolls whose leaves are hashed at once while lines are read on. */
const ROLLS_UNDER_WAY = 2;

/**
 * Reads a record line by line and names each failure with its line, up to a bound. It holds what later lines need (hashes,
 * nullifiers, sealed names), never the proofs, so memory grows only slowly with the number of signatures.
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
  };
  private readonly proofs: ProofSystem;
  private readonly work: HeavyWork;
  private readonly rollChecks = new PendingChecks(ROLLS_UNDER_WAY);
  private line = 0;
  private readonly order = new LineOrder();
  private statement: Statement | null = null;
  private readonly headers: RollHeader[] = [];
  private readonly keyMessages: KeyMessage[] = [];
  private context: StatementContext | null = null;
  private key: KeyState | null = null;
  private board: BoardSection | null = null;
  private waves: WaveSection | null = null;
  private readonly destroyed: Destroyed[] = [];
  private end: End | null = null;
  /** Set when the record is too broken to read on; the reason is among the failures. */
  private stopped = false;

  /** `work` may spread what takes long over other threads; without it everything is done here. */
  constructor(proofs: ProofSystem, work: HeavyWork = workHere) {
    this.proofs = proofs;
    this.work = work;
  }

  /** How many failures of each kind have been found so far. */
  get failedSoFar(): Readonly<Record<Step, number>> {
    return this.failed;
  }

  /** How many things of each kind have been checked so far. */
  get checkedSoFar(): Readonly<Record<Step, number>> {
    return this.checked;
  }

  /** `isEnded` says whether a line feed follows, which only the last line of a file can lack. */
  async push(text: string, isEnded = true): Promise<void> {
    this.line++;
    if (this.end) return this.fail('seal', 'AFTER_END', 'nothing may follow the end of the record');
    const parsed = parseCanonicalJson(text);
    if (!isEnded) {
      this.fail('seal', 'LINE_CUT', 'the file stops within its last line: it is cut off');
      if (!parsed.ok) return; // told already
    }
    const type = parsed.ok ? typeOf(parsed.value) : null;
    if (type !== 'end') this.hash.add(text);
    if (!parsed.ok) return this.fail(this.stepHere(), parsed.code, parsed.detail);
    if (type === null) return this.fail(this.stepHere(), 'BAD_SHAPE', 'this kind of line does not exist');
    if (this.line === 1 && type !== 'header') this.stop('statement', 'NO_HEADER', 'a record begins with its statement');
    if (this.stopped && type !== 'end') return;
    if (!this.order.admits(type, parsed.value as Record<string, unknown>, this.line))
      return this.fail(this.stepHere(), 'LINE_ORDER', `a line of type "${type}" may not stand here`);
    await this.read(type, parsed.value);
  }

  /** Finishes pending checks and says what the record shows. @throws what the proof system threw: then nothing is known */
  async finish(): Promise<RecordReport> {
    if (!this.stopped && this.statement) await this.leave(LINE_RANK.end);
    if (this.line === 0) this.fail('statement', 'NO_HEADER', 'the record is empty');
    else if (!this.end) this.notebook.fail(0, 'seal', 'NOT_SEALED', 'the record does not end with the platform’s seal: it is cut off');
    if (this.end && this.context) {
      this.board?.checkStubs(this.end.time >= destructionTime(this.context.statement));
      this.checkAbortTime(this.end.time);
    }
    await this.rollChecks.settle();
    await this.board?.queue.settle();
    return this.report();
  }

  private async read(type: LineType, value: unknown): Promise<void> {
    const next = LINE_RANK[type];
    if (!this.stopped) await this.leave(next);
    if (type === 'header') return this.readHeader(value);
    if (type === 'roll') return this.readRoll(value);
    if (type === 'end') return this.readEnd(value);
    if (this.stopped || !this.context) return;
    if (type === 'checkpoint' || type === 'entry' || type === 'stub') return this.board?.read(this.line, type, value);
    if (type === 'wave') return this.waves?.readWave(this.line, value);
    const message = checkTrusteeMessage(this.context, value);
    const step = stepOf(type);
    this.notebook.count(step);
    if (!message.ok) return this.fail(step, message.code, message.detail);
    await this.readTrusteeMessage(message.value);
  }

  private async readTrusteeMessage(message: TrusteeMessage): Promise<void> {
    if (message.type === 'cosignature') return this.board?.readCosignature(this.line, message);
    if (message.type === 'opening') return this.waves?.readOpening(this.line, message);
    if (message.type !== 'destroyed') return void this.keyMessages.push(message);
    const checked = checkDestroyed(this.context as StatementContext, message);
    if (checked.ok) this.destroyed.push(message);
    else this.fail('destruction', checked.code, checked.detail);
  }

  private readHeader(value: unknown): void {
    this.notebook.count('statement');
    const shaped = checkShape(headerLineShape, value);
    if (shaped.ok) this.statement = shaped.value.statement;
    else this.stop('statement', shaped.code, shaped.detail);
  }

  private async readRoll(value: unknown): Promise<void> {
    const shaped = checkShape(rollLineShape, value);
    const { line } = this;
    const note = (checked: { ok: true } | { ok: false; code: string; detail?: string }) => {
      this.notebook.count('rolls');
      if (!checked.ok) this.notebook.fail(line, 'rolls', checked.code, checked.detail);
    };
    if (!shaped.ok) return note(shaped);
    const { leaves, ...header } = shaped.value as RollLine;
    this.headers.push(header);
    const checkedHeader = checkRollHeader(header);
    if (!checkedHeader.ok) return note(checkedHeader);
    await this.rollChecks.add(this.work.checkLeaves({ header, leaves }).then(note));
  }

  private readEnd(value: unknown): void {
    const shaped = checkShape(endShape, value);
    if (!shaped.ok) return this.fail('seal', shaped.code, shaped.detail);
    this.end = shaped.value;
    if (!this.context) return; // without a statement nobody knows whose seal it must be
    this.notebook.count('seal');
    const { lines, hash } = this.hash.state();
    if (this.end.statement !== this.context.id) this.fail('seal', 'OTHER_STATEMENT', 'the end is of another record');
    else if (!isSignedBy('end', this.end, this.context.statement.platform))
      this.fail('seal', 'END_SIGNATURE', 'not signed by the platform');
    if (this.end.lines !== lines) this.fail('seal', 'END_LINES', `the end speaks of ${this.end.lines} lines, there are ${lines}`);
    if (this.end.hash !== hash) this.fail('seal', 'END_HASH', 'the lines are not those that the platform signed for');
    if (this.end.time < this.lastTime(this.context)) this.fail('seal', 'END_TIME', 'written before what it holds');
  }

  /** The latest time that the lines hold, clocks of trustees being right within the statement's skew. Unix seconds. */
  private lastTime({ statement }: StatementContext): number {
    return this.destroyed.reduce((last, { time }) => Math.max(last, time - statement.clockSkew), this.board?.time ?? 0);
  }

  /** Closes what the lines so far have opened, before lines of rank `next` are read. */
  private async leave(next: number): Promise<void> {
    if (next > LINE_RANK.roll && !this.context) this.establish();
    if (next > LINE_RANK.confirm && !this.key && this.context) this.judgeKey(next);
    if (next > LINE_RANK.entry) await this.board?.close();
    if (next > LINE_RANK.cosignature && this.board && !this.waves) this.waves = new WaveSection(this.board, this.work, this.notebook);
    if (next > LINE_RANK.opening) await this.waves?.close();
  }

  private establish(): void {
    const context = checkStatement(this.statement, this.headers);
    if (!context.ok) return this.stop('statement', context.code, context.detail, 1);
    const { verificationKey, setup } = context.value.statement;
    if (!this.proofs.isListed(verificationKey, setup))
      return this.stop('statement', 'KEY_UNKNOWN', 'its verification key is not one that this software knows', 1);
    this.context = context.value;
  }

  private judgeKey(next: number): void {
    const context = this.context as StatementContext;
    const isTold = this.failed.key > 0;
    for (const { trustee, type } of isTold ? [] : findMissingMessages(context, this.keyMessages))
      this.notebook.fail(0, 'key', 'KEY_MESSAGE_MISSING', `others follow the ${type} of trustee ${trustee}, which is not in the record`);
    this.key = judgeKeyGeneration(context, this.keyMessages);
    if (this.key.status === 'keyed') this.board = new BoardSection(context, this.key, this.proofs, this.notebook);
    else if (next <= LINE_RANK.opening) this.stop('key', 'KEY_NOT_MADE', 'the committee did not finish the key');
  }

  /** A committee has until `openBy`: a record written before that may simply be young. */
  private checkAbortTime(writtenAt: number): void {
    const context = this.context as StatementContext;
    if (this.key?.status === 'waiting' && writtenAt > context.statement.openBy) this.key = abortForSilence(this.key);
  }

  private report(): RecordReport {
    const { context, key, board, waves } = this;
    const progress = waves?.progress ?? [];
    const names = waves?.names ?? [];
    const texts = names.flatMap((signer) => ('name' in signer ? [signer.name] : []));
    return {
      ok: countAll(this.failed) === 0,
      failures: [...this.failures].sort((a, b) => a.line - b.line),
      failed: { ...this.failed },
      checked: { ...this.checked },
      lines: this.line,
      statement: this.statement,
      id: context?.id ?? null,
      state:
        context && key && this.end
          ? stateAt(
              context,
              key,
              progress.map((trustees) => ({ openings: trustees.length })),
              this.end.time,
            )
          : null,
      writtenAt: this.end?.time ?? null,
      hash: this.end?.hash ?? null,
      signatures: board?.signatures ?? 0,
      names,
      openedBy: progress,
      destroyedBy: this.destroyed.map((message) => message.trustee),
      culprits: [
        ...(key?.status === 'aborted' ? key.blame : []),
        ...(board?.forkers ?? []).map((trustee) => ({ trustee, reason: 'FORKED' as const })),
      ],
      stubs: board?.stubs ?? 0,
      equalNames: repeated(texts),
    };
  }

  private stop(step: Step, code: string, detail?: string, line = this.line): void {
    this.stopped = true;
    this.notebook.fail(line, step, code, detail);
  }

  private fail(step: Step, code: string, detail?: string): void {
    this.notebook.fail(this.line, step, code, detail);
  }

  private stepHere(): Step {
    return (['statement', 'rolls', 'key', 'key', 'key', 'key', 'signatures', 'cosignatures', 'openings', 'destruction', 'seal'] as const)[
      this.order.rank
    ] as Step;
  }
}

/** The names that look like one before them, each once, in the order of their second standing. */
function repeated(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(names.filter((name) => seen.size === seen.add(lookOf(name)).size))];
}

function stepOf(type: LineType): Step {
  return type === 'cosignature' ? 'cosignatures' : type === 'opening' ? 'openings' : type === 'destroyed' ? 'destruction' : 'key';
}
