// What a trustee knows of one wave: which entries open, which steps and openings it has verified, and what it has still to read

import type { Disk } from '#lib/host/disk.ts';
import type { DueWave } from '#lib/protocol/board/reader.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { type ListText, startTexts } from '#lib/protocol/record/work.ts';
import {
  addStep,
  type ChainOpening,
  type Chains,
  createChains,
  revealedBy,
  type SignedLead,
  type SignedStep,
} from '#lib/protocol/reveal/chain.ts';
import type { MixStep } from '#lib/protocol/reveal/mix.ts';
import type { Opening } from '#lib/protocol/reveal/opening.ts';
import { contentOf, createWave, sizeOf, type Wave } from '#lib/protocol/reveal/wave-content.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { BoardView } from './board-view.ts';
import type { SettingText } from './jobs.ts';
import { appendLines, readLines } from './line-log.ts';
import { wavesFile } from './statement-files.ts';
import { type WaveNote, waveNoteShape } from './stored-shapes.ts';

/** A wave of the trustee's own board that is due. */
export type DueContent = { wave: Wave; content: Hex32; size: number /** Seconds by the monotonic clock. */; since: number };

export type WaveView = {
  number: number;
  /** Null until it is due by the trustee's own view of the board. */
  due: DueContent | null;
  /** W as it was written down before anything was signed about this number; null until then. It never changes. */
  locked: Hex32 | null;
  /** Verified steps of the locked W. */
  chains: Chains;
  /** When each of them was verified, by the monotonic clock in seconds. */
  verifiedAt: Map<Hex32, number>;
  /** Valid openings in the order in which they came, the trustee's own among them. */
  openings: ChainOpening[];
  openingHashes: Set<Hex32>;
  /** Signed, and read, and not verified yet. */
  steps: Map<Hex32, MixStep>;
  unread: Map<Hex32, Opening>;
  /** Steps that nobody had built on when they came, with their places in the platform's list. */
  passedOver: Map<Hex32, number>;
  wanted: Set<Hex32>;
  /** What does not hold. */
  rejected: Set<Hex32>;
  /** Who has signed each step about this number, whatever its W. */
  authors: Map<Hex32, number>;
  /** Of what was signed about this number, whatever its W, as much as shows who has forked: two of one author and place. */
  signed: { steps: SignedStep[]; leads: SignedLead[] };
  /** The lines of lists of steps while they are worked with; they can be read again from the disk. */
  lines: Map<Hex32, string[]>;
  /** What the public sees of it once it is open, by this trustee's last look: seconds by the monotonic clock. */
  showing: { isShown: boolean; isHidden: boolean; lookedAt: number | null };
};

export function createWaveView({ statement }: StatementContext, number: number): WaveView {
  const { threshold, trustees } = statement.committee;
  return {
    number,
    due: null,
    locked: null,
    chains: createChains({ content: '', threshold, keys: trustees.map(({ key }) => key) }),
    verifiedAt: new Map(),
    openings: [],
    openingHashes: new Set(),
    steps: new Map(),
    unread: new Map(),
    passedOver: new Map(),
    wanted: new Set(),
    rejected: new Set(),
    authors: new Map(),
    signed: { steps: [], leads: [] },
    lines: new Map(),
    showing: { isShown: false, isHidden: false, lookedAt: null },
  };
}

/** Writes something about a wave down and only then lets the rest of the trustee see it. */
export async function noteWave(disk: Disk, statement: Hex32, view: WaveView, note: WaveNote, at: number): Promise<void> {
  await appendLines(disk, wavesFile(statement), waveNoteShape, [note]);
  takeNote(view, note, at);
}

/** What the notes of a keystore amount to. A line that a crash has torn is cut off. */
export async function loadWaves(disk: Disk, context: StatementContext): Promise<Map<number, WaveView>> {
  const waves = new Map<number, WaveView>();
  await readLines(disk, wavesFile(context.id), waveNoteShape, (note) => {
    const view = waves.get(note.wave) ?? createWaveView(context, note.wave);
    waves.set(note.wave, view);
    takeNote(view, note, 0);
    return true;
  });
  return waves;
}

function takeNote(view: WaveView, note: WaveNote, at: number): void {
  if (view.locked === null) {
    view.locked = note.content;
    view.chains = { ...view.chains, content: note.content };
  }
  if (note.content !== view.locked) return;
  const { wave, trustee } = { trustee: 0, ...note };
  if (note.type === 'step' && !view.chains.steps.has(note.hash)) {
    noteSignedStep(view, { trustee, wave, step: note.step, hash: note.hash });
    view.chains = addStep(view.chains, note);
    view.verifiedAt.set(note.hash, at);
  }
  if (note.type === 'opening' && !view.openingHashes.has(note.hash)) {
    noteSignedLead(view, { trustee, wave, mix: note.mix, lead: note.lead });
    view.openings.push({ trustee: note.trustee, mix: note.mix, lead: note.lead });
    view.openingHashes.add(note.hash);
  }
}

/** Two of one author and place show that it forked. A platform and one trustee can sign and show any number of further ones. */
const MOST_OF_A_PLACE = 2;

export function noteSignedStep({ authors, signed: { steps } }: WaveView, said: SignedStep): void {
  if (authors.has(said.hash)) return;
  authors.set(said.hash, said.trustee);
  const alike = steps.filter(({ trustee, wave, step }) => trustee === said.trustee && wave === said.wave && step === said.step);
  if (alike.length < MOST_OF_A_PLACE) steps.push(said);
}

/** Who follows a chain that another leads shows nothing by it. */
export function noteSignedLead({ signed: { leads } }: WaveView, said: SignedLead): void {
  const alike = leads.filter(({ trustee, wave }) => trustee === said.trustee && wave === said.wave);
  if (said.lead && alike.length < MOST_OF_A_PLACE && !alike.some(({ mix }) => mix === said.mix)) leads.push(said);
}

/** The content of a wave that is due. */
export function describeDue(statement: Hex32, due: DueWave, since: number): DueContent {
  const wave = createWave(statement, due);
  return { wave, content: contentOf(wave), size: sizeOf(wave), since };
}

/** What mixing a due wave depends on. */
export function settingOf(statement: Hex32, { key }: Keyed, wave: number, { content }: DueContent): SettingText {
  return { statement, key: formatPoint(key), wave, content };
}

/** L₀ of a due wave, from the entries of the trustee's own view. SPEC §10.2. */
export function entriesOf({ entries }: BoardView, { wave }: DueContent): ListText[] {
  const own = wave.groups.flatMap((group) => group.entries).map((hash) => entries.get(hash));
  if (!own.every((entry) => entry !== undefined)) throw new Error(`the view of the board does not hold wave ${wave.number}`);
  return startTexts(wave, own);
}

/** Whether a trustee may work on a wave: it is due, and nothing else was ever written down for its number. */
export function isOurs({ due, locked }: WaveView): boolean {
  return due !== null && (locked === null || locked === due.content);
}

/** Whether k valid openings of one chain are held: the wave is then public, whoever hides it. SPEC §10.6. */
export function isOpened({ chains, openings }: Pick<WaveView, 'chains' | 'openings'>): boolean {
  return revealedBy(chains.threshold, openings) !== null;
}
