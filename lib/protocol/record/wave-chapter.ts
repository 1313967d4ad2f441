// SPEC §12.4, the sixth chapter of a record: waves, each with its entries, its mixes, its openings and its names
import { checkEntry, type Entry, entryHash, publicSignals } from '../board/signature.ts';
import { formatPoint, type Point, type PointText } from '../numbers/point.ts';
import { addStep, checkPlace, createChains } from '../reveal/chain.ts';
import { type Mix, type MixList, mixHash } from '../reveal/mix.ts';
import type { Names } from '../reveal/names.ts';
import type { Opening } from '../reveal/opening.ts';
import { contentOf, sizeOf, startLists, type Wave } from '../reveal/wave-content.ts';
import type { CurrentWave } from './current-wave.ts';
import { PendingChecks } from './pending.ts';
import { contextOf, keyOf, type Reading } from './reading.ts';
import { findWaveFault } from './wave-rule.ts';
import { type ListText, startTexts } from './work.ts';

// Lines under a wave line that was refused are passed over: there is no wave that they could be of.

/** Steps and openings that are checked at once, and pieces of names. */
const CHECKS_UNDER_WAY = 8;
/** Names for which a step or an opening counts once. The largest count as half of what may be under way: one is checked, one waits. */
const NAMES_A_CHECK = 2_500;
const NAMES_A_PIECE = 256;

export function readWave(reading: Reading, wave: Wave): void {
  const { statement, id } = contextOf(reading);
  const content = contentOf(wave);
  const { threshold, trustees } = statement.committee;
  const fail = (code: string, detail: string) => reading.notebook.fail(reading.line, 'waves', code, detail);
  const checkpointNumber = reading.numbers.get(wave.checkpoint) ?? 0;
  if (wave.statement !== id) fail('OTHER_STATEMENT', 'the wave is of another statement');
  else if (wave.number !== reading.waves.length + 1) fail('WAVE_NUMBER', `expected wave ${reading.waves.length + 1}`);
  else if (checkpointNumber <= (reading.waves.at(-1)?.checkpointNumber ?? 0))
    fail('WAVE_CHECKPOINT', 'the record has no such checkpoint after that of the wave before');
  else if (checkpointNumber > reading.final) fail('WAVE_NOT_FINAL', 'too few trustees have cosigned the checkpoint of this wave');
  const chains = createChains({ content, threshold, keys: trustees.map(({ key }) => key) });
  reading.wave = {
    ...{ line: reading.line, wave, content, checkpointNumber, entries: [], stage: 'entries', hasBadEntry: false, lists: null },
    ...{
      chains,
      step: null,
      last: content,
      openings: [],
      named: [],
      names: [],
      badNames: new Map(),
      checks: new PendingChecks(CHECKS_UNDER_WAY),
    },
  };
}

export async function readEntry(reading: Reading, value: Entry): Promise<void> {
  const context = contextOf(reading);
  const current = reading.wave;
  if (!current) return;
  const fail = (code: string, detail?: string) => {
    current.hasBadEntry = true;
    reading.notebook.fail(reading.line, 'entries', code, detail);
  };
  const checked = checkEntry(context, value);
  if (!checked.ok) return fail(checked.code, checked.detail);
  const entry = checked.value;
  const { said, nullifier, ephemeral, sealed } = entry;
  if (said.action !== 'sign') return fail('WAVE_ENTRY', 'a withdrawal never opens');
  if (reading.nullifiers.has(nullifier)) return fail('ALREADY_SIGNED', 'this person has another signature in the record');
  reading.nullifiers.add(nullifier);
  current.entries.push({ hash: entryHash(entry), group: said.group, nullifier, ephemeral, sealed, minimum: said.minimum ?? 1 });
  await reading.queue?.add(reading.line, entry.proof, publicSignals(context, keyOf(reading).key, entry));
}

export async function readMix(reading: Reading, mix: Mix): Promise<void> {
  const current = reading.wave;
  if (!current) return;
  closeEntries(reading, current);
  await closeStep(reading, current);
  current.step = { line: reading.line, mix, lists: [] };
}

export function readMixList(reading: Reading, list: MixList): void {
  const current = reading.wave;
  if (!current) return;
  const { step } = current;
  if (step && step.lists.length < step.mix.lists.length) step.lists.push(list);
  else reading.notebook.fail(reading.line, 'mixes', 'LINE_ORDER', 'a list stands under its mix, as many as that names');
}

export async function readOpeningLine(reading: Reading, opening: Opening): Promise<void> {
  const current = reading.wave;
  if (!current) return;
  closeEntries(reading, current);
  await closeStep(reading, current);
  const { lists, last, content, wave } = current;
  if (!lists || !areWhole(lists, wave)) return; // told of the steps
  if (current.chains.steps.size < contextOf(reading).statement.committee.threshold) return; // told once, at the end of the wave
  const { line, notebook } = reading;
  const verificationKey = formatPoint(keyOf(reading).verificationKeys[opening.trustee - 1] as Point);
  const check = reading.work.checkOpening({ verificationKey, wave: wave.number, content, mix: last, lists, opening }).then((checked) => {
    if (checked.ok) current.openings.push(opening);
    else notebook.fail(line, 'openings', checked.code, checked.detail);
  });
  await current.checks.add(check, weightOf(wave));
}

/** Of a step or an opening. */
function weightOf(wave: Wave): number {
  return Math.min(CHECKS_UNDER_WAY / 2, Math.ceil(sizeOf(wave) / NAMES_A_CHECK));
}

/** Compares the names of a group with what k valid openings give, piece by piece. */
export async function readNamesLine(reading: Reading, line: Names): Promise<void> {
  const current = reading.wave;
  if (!current) return;
  await closeOpenings(reading, current);
  const { statement, id } = contextOf(reading);
  const fail = (code: string, detail: string) => reading.notebook.fail(reading.line, 'names', code, detail);
  const place = current.wave.groups.findIndex(({ group }) => group === line.group);
  const size = current.wave.groups[place]?.entries.length;
  if (line.statement !== id) return fail('OTHER_STATEMENT', 'the names are of another statement');
  if (line.wave !== current.wave.number || size !== line.names.length)
    return fail('NAMES_LIST', 'not the names of a group of this wave, one for each entry');
  current.named.push(line.group);
  if (current.openings.length < statement.committee.threshold || !current.lists) return; // told elsewhere
  for (let start = 0; start < line.names.length; start += NAMES_A_PIECE) await checkPiece(reading, current, line, place, start);
}

async function checkPiece(reading: Reading, current: CurrentWave, line: Names, place: number, start: number): Promise<void> {
  const context = contextOf(reading);
  const piece = <T>(all: readonly T[]) => all.slice(start, start + NAMES_A_PIECE);
  const openings = inOrder(current.openings).slice(0, context.statement.committee.threshold);
  const input = {
    header: context.rolls.get(line.group) as NonNullable<ReturnType<typeof context.rolls.get>>,
    line: { ...line, names: piece(line.names) },
    sealed: piece(current.lists?.[place]?.items ?? []).map(([, sealed]) => sealed),
    partials: openings.map(({ trustee, lists }) => ({ trustee, points: piece(lists[place]?.partials ?? ([] as PointText[])) })),
  };
  const { line: at, notebook } = reading;
  const check = reading.work.checkNames(input).then((checked) => {
    notebook.count('names', input.line.names.length);
    if (checked.ok) current.names.push({ place, start, names: checked.value });
    else if (start < (current.badNames.get(at)?.start ?? line.names.length)) current.badNames.set(at, { ...checked, start });
  });
  await current.checks.add(check);
}

/** Ends the wave that is being read, if there is one: it must be whole. */
export async function closeWave(reading: Reading): Promise<void> {
  const { wave: current, notebook } = reading;
  if (!current) return;
  await closeOpenings(reading, current);
  await current.checks.settle();
  for (const [line, { code, detail }] of current.badNames) notebook.fail(line, 'names', code, detail);
  const { number, groups } = current.wave;
  const unnamed = groups.filter(({ group }) => !current.named.includes(group)).length;
  if (unnamed > 0) notebook.fail(0, 'names', 'NAMES_MISSING', `of wave ${number} the names of ${unnamed} groups are not in the record`);
  const pieces = current.names.sort((a, b) => a.place - b.place || a.start - b.start);
  for (const { names } of pieces) for (const name of names) reading.names.push(name);
  const openedBy = inOrder(current.openings).map(({ trustee }) => trustee);
  reading.waves.push({ number, content: current.content, checkpointNumber: current.checkpointNumber, openedBy });
  reading.wave = null;
}

/** Judges the entries once all are there: they are those that the wave names, and may open together. */
function closeEntries(reading: Reading, current: CurrentWave): void {
  if (current.stage !== 'entries') return;
  current.stage = 'steps';
  const { statement, sizes } = contextOf(reading);
  const fail = (code: string, detail?: string) => reading.notebook.fail(current.line, 'waves', code, detail);
  const before = new Map(reading.opened);
  // As the wave names them, whatever became of their lines: what one lacks is not held against the next.
  for (const { group, entries } of current.wave.groups)
    if (sizes.has(group)) reading.opened.set(group, (reading.opened.get(group) ?? 0) + entries.length);
  const start = startLists(current.wave, current.entries);
  if (!start.ok) return current.hasBadEntry ? undefined : fail(start.code, start.detail);
  const fault = findWaveFault(statement, before, current.entries);
  if (fault !== null) fail('WAVE_RULE', fault);
  const live = reading.live[current.checkpointNumber - 1];
  if (live?.some(({ group, count }) => (reading.opened.get(group) ?? 0) > count))
    fail('WAVE_LIVE', 'more names open than the checkpoint of the wave counts');
  current.lists = startTexts(current.wave, current.entries);
}

/** Hands a step that has been read, with its lists, to be checked; the next one goes on from its lists. */
async function closeStep(reading: Reading, current: CurrentWave): Promise<void> {
  const { step, lists: inputs } = current;
  current.step = null;
  if (!step || !inputs) return;
  const { notebook } = reading;
  const fail = (code: string, detail?: string) => notebook.fail(step.line, 'mixes', code, detail);
  const { mix } = step;
  const place = checkPlace(current.chains, mix);
  if (!place.ok || mix.previous !== current.last) {
    current.lists = null; // nothing after it can be judged
    return fail('MIX_CHAIN', place.ok ? 'the step does not follow on the one before' : place.detail);
  }
  current.last = mixHash(mix);
  current.chains = addStep(current.chains, { hash: current.last, trustee: mix.trustee, step: mix.step, previous: mix.previous });
  current.lists = step.lists.map(({ group, items }) => ({ group, items, isWire: true }));
  if (!areWhole(inputs, current.wave)) return; // told of whoever made them
  const key = formatPoint(keyOf(reading).key);
  const { number: wave } = current.wave;
  const input = { key, wave, content: current.content, inputs, step: { mix, lists: step.lists } };
  const check = reading.work.checkStep(input).then((checked) => {
    if (!checked.ok) fail(checked.code, checked.detail);
  });
  await current.checks.add(check, weightOf(current.wave));
}

/** Whether lists are of the groups of a wave, with as many items: of others neither a step nor an opening can be judged. */
function areWhole(lists: readonly ListText[], { groups }: Wave): boolean {
  const fits = ({ group, items }: ListText, i: number) => group === groups[i]?.group && items.length === groups[i].entries.length;
  return lists.length === groups.length && lists.every(fits);
}

/** Waits for steps and openings, and tells where there are too few. */
async function closeOpenings(reading: Reading, current: CurrentWave): Promise<void> {
  if (current.stage === 'names') return;
  closeEntries(reading, current);
  await closeStep(reading, current);
  current.stage = 'names';
  await current.checks.settle();
  if (!current.lists) return;
  const { threshold } = contextOf(reading).statement.committee;
  const { number } = current.wave;
  if (current.chains.steps.size < threshold)
    reading.notebook.fail(0, 'mixes', 'MIX_MISSING', `wave ${number} was not mixed by ${threshold} trustees`);
  else if (current.openings.length < threshold && areWhole(current.lists, current.wave))
    reading.notebook.fail(0, 'openings', 'OPENING_MISSING', `wave ${number} was not opened by ${threshold} trustees`);
}

function inOrder(openings: readonly Opening[]): Opening[] {
  return [...openings].sort((a, b) => a.trustee - b.trustee);
}
