/** What an author has typed so far, as the form holds it: texts where a person types, numbers where they choose. */
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { TriggerDraft } from './trigger-draft.ts';

export interface Draft {
  title: string;
  body: string;
  language: string;
  groups: readonly Hex32[];
  triggerKind: 'total' | 'groups' | 'built' | 'json';
  total: string;
  perGroup: Readonly<Record<Hex32, string>>;
  /** What the builder holds; null before it was used. */
  built: TriggerDraft | null;
  triggerJson: string;
  /** How many names of a group open at a time, as typed; empty for what `suggestTogether` says. */
  together: string;
  /** The value of a `datetime-local` input, in the reader's zone. */
  deadline: string;
  /** Null for the least that fits: see `pickGrace`. */
  graceSeconds: number | null;
  cadenceSeconds: number;
  /** Keys of the trustees chosen. */
  trustees: readonly Hex32[];
  threshold: number;
  /** The statement that this one is to claim as its predecessor. */
  revises: Hex32 | null;
}

export type DraftField = 'title' | 'body' | 'groups' | 'trigger' | 'together' | 'deadline' | 'grace' | 'committee';

/** What is wrong with one field and what would be right, in a sentence for the author. */
export interface Problem {
  field: DraftField;
  text: string;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** A length of time to choose from. */
export interface TimeChoice {
  seconds: number;
  words: string;
}

const GRACES: readonly TimeChoice[] = [
  { seconds: 30, words: '30 seconds' },
  { seconds: MINUTE, words: '1 minute' },
  { seconds: 2 * MINUTE, words: '2 minutes' },
  { seconds: 5 * MINUTE, words: '5 minutes' },
  { seconds: 10 * MINUTE, words: '10 minutes' },
  { seconds: 30 * MINUTE, words: '30 minutes' },
  { seconds: HOUR, words: '1 hour' },
  { seconds: 3 * HOUR, words: '3 hours' },
  { seconds: 12 * HOUR, words: '12 hours' },
  { seconds: DAY, words: '1 day' },
  { seconds: 2 * DAY, words: '2 days' },
  { seconds: 3 * DAY, words: '3 days' },
  { seconds: 7 * DAY, words: '1 week' },
  { seconds: 14 * DAY, words: '2 weeks' },
  { seconds: 30 * DAY, words: '30 days' },
];

/** How often signatures become visible. */
export const CADENCES: readonly TimeChoice[] = [
  { seconds: 0, words: 'At once, each on its own' },
  { seconds: 10 * MINUTE, words: 'Every ten minutes' },
  { seconds: HOUR, words: 'Every hour' },
  { seconds: DAY, words: 'Once a day' },
];

/** The lengths of grace within which everything can be mixed and opened. @param least seconds */
export function listGraces(least: number): readonly TimeChoice[] {
  return GRACES.filter((choice) => choice.seconds >= least);
}

/** The grace that a draft asks for where that is enough; otherwise the least round one that is. Seconds. */
export function pickGrace(chosen: number | null, least: number): number {
  if (chosen !== null && chosen >= least) return chosen;
  return listGraces(least)[0]?.seconds ?? Math.ceil(least / DAY) * DAY;
}

/** The most trustees that may be needed of so many: n ≥ 3k − 2. Below 2 there is no committee. SPEC §5.3. */
export function mostNeeded(trustees: number): number {
  return Math.floor((trustees + 2) / 3);
}

/** As many as so many trustees allow, and never fewer than two. */
export function suggestThreshold(trustees: number): number {
  return Math.max(2, mostNeeded(trustees));
}

/** An empty draft with defaults: hourly publication in earnest, at once on a trial instance. */
export function createDraft(instance: { trial: boolean; trustees: readonly { key: Hex32 }[] }): Draft {
  return {
    title: '',
    body: '',
    language: 'en',
    groups: [],
    triggerKind: 'total',
    total: '',
    perGroup: {},
    built: null,
    triggerJson: '',
    together: '',
    deadline: '',
    graceSeconds: null,
    cadenceSeconds: instance.trial ? 0 : HOUR,
    trustees: instance.trustees.map((trustee) => trustee.key),
    threshold: suggestThreshold(instance.trustees.length),
    revises: null,
  };
}

/** The groups that an address names. */
export function namedGroups(named: string | readonly string[] | undefined): readonly string[] {
  return typeof named === 'string' ? [named] : (named ?? []);
}

/** Those of the groups to begin with that a statement can be opened on. */
export function chooseGroups(
  instance: { anonymityFloor: number },
  { chosen }: { chosen: readonly { id: Hex32; size: number }[] },
): Hex32[] {
  return chosen.filter(({ size }) => size >= instance.anonymityFloor).map(({ id }) => id);
}

/** Two weeks from `now` at six in the evening, as a `datetime-local` value in the reader's zone. @param now Unix seconds */
export function suggestDeadline(now: number): string {
  const day = new Date((now + 14 * DAY) * 1000);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T18:00`;
}
