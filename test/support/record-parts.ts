import { bytesToHex } from '@noble/hashes/utils.js';
import { headOf, type ListedCheckpoint, signCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import { type Cosignature, signCosignature } from '#lib/protocol/board/cosignature.ts';
import { type Body, listedHash } from '#lib/protocol/board/listed.ts';
import { createBoard, type DueWave, extendBoard, readCheckpoint } from '#lib/protocol/board/reader.ts';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import { checkCapsules } from '#lib/protocol/member/capsule.ts';
import { hashBytes } from '#lib/protocol/messages/hash.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { formatPoint, type Scalar } from '#lib/protocol/numbers/point.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { createRecordWriter, selectCosignatures } from '#lib/protocol/record/writer.ts';
import type { Destroyed } from '#lib/protocol/reveal/destruction.ts';
import { checkStep, firstPlace, type MixStep, makeStep, outputsOf } from '#lib/protocol/reveal/mix.ts';
import { lookUpNames, type Names } from '#lib/protocol/reveal/names.ts';
import { checkOpening, makeOpening, type Opening } from '#lib/protocol/reveal/opening.ts';
import { clearTexts, takeTokens } from '#lib/protocol/reveal/tokens.ts';
import { contentOf, createWave, startLists, type Wave } from '#lib/protocol/reveal/wave-content.ts';
import { admitEntry, closeCheckpoint, createWaveTally, liveCounts } from '#lib/protocol/reveal/waves.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { type KeyCeremony, PLATFORM_SEED, type TestGroup } from './world.ts';

/** A board that was published whole: its checkpoints, the bodies under each in listed order, and the waves that it calls for. */
export type PublishedBoard = { checkpoints: ListedCheckpoint[]; bodies: Body[][]; waves: DueWave[]; entries: Map<string, Entry> };

/** Publishes entries in batches, a second apart, as the platform does. Salts follow from the entries. */
export function publish(context: StatementContext, keyed: Keyed, batches: readonly (readonly Entry[])[], time: number): PublishedBoard {
  const board = createBoard(keyed.transcript);
  const tally = createWaveTally();
  const published: PublishedBoard = { checkpoints: [], bodies: [], waves: board.waves, entries: new Map() };
  for (const [i, batch] of batches.entries()) {
    const signed = batch.filter(({ said }) => said.action === 'sign');
    for (const entry of [...signed, ...batch.filter((one) => !signed.includes(one))]) admitEntry(tally, entry, entryHash(entry));
    const bodies = batch.map(bodyOf).sort((a, b) => (a.listed < b.listed ? -1 : 1));
    const content = { listed: bodies.map(({ listed }) => listed), live: liveCounts(tally), time: time + i };
    closeCheckpoint(context.statement, tally);
    const checkpoint = signCheckpoint(context, board.head, content, PLATFORM_SEED);
    const shown = { checkpoint, bodies: bodies.map(({ body }) => body) };
    const facts = readCheckpoint(context, keyed, board, shown);
    if (!facts.ok) throw new Error(`${facts.code}: ${facts.detail}`);
    const counted = facts.value.entries?.map(({ entry, hash }) => ({ nullifier: entry.nullifier, said: entry.said, hash })) ?? null;
    const extended = extendBoard(context, board, { ...facts.value, entries: counted });
    if (!extended.ok) throw new Error(`${extended.code}: ${extended.detail}`);
    published.checkpoints.push(checkpoint);
    published.bodies.push(shown.bodies);
    for (const entry of batch) published.entries.set(entryHash(entry), entry);
  }
  return published;
}

function bodyOf(entry: Entry): { body: Body; listed: string } {
  const hash = entryHash(entry);
  const salt = bytesToHex(hashBytes('listed', { test: hash }));
  return { body: { entry, salt }, listed: listedHash(hash, salt) };
}

export function cosign(author: Author, checkpoint: ListedCheckpoint): Cosignature {
  return signCosignature(author, headOf(checkpoint));
}

/** A wave with all that a record holds of it. */
export type RevealedWave = { wave: Wave; entries: Entry[]; steps: MixStep[]; openings: Opening[]; names: Names[] };

type Plan = { mixers: readonly number[]; openers: readonly number[]; random: Random };

/** Mixes and opens a wave, as these trustees do, and takes out the names. */
export function reveal(
  context: StatementContext,
  key: Pick<KeyCeremony, 'authors' | 'shares' | 'keyed'>,
  groups: readonly TestGroup[],
  board: Pick<PublishedBoard, 'entries'>,
  due: DueWave,
  { mixers, openers, random }: Plan,
): RevealedWave {
  const wave = createWave(context.id, due);
  const entries = due.groups.flatMap(({ entries: hashes }) => hashes.map((hash) => board.entries.get(hash) as Entry));
  const start = startLists(
    wave,
    entries.map((entry) => ({ ...entry, hash: entryHash(entry), group: entry.said.group })),
  );
  if (!start.ok) throw new Error(start.code);
  const setting = { statement: context.id, key: key.keyed.key, wave: wave.number, content: contentOf(wave), start: start.value };
  const steps: MixStep[] = [];
  let place = firstPlace(setting);
  for (const trustee of mixers) {
    const step = makeStep(key.authors[trustee - 1] as Author, setting, place, random);
    const checked = checkStep(setting, place, step);
    if (!checked.ok) throw new Error(checked.code);
    steps.push(step);
    place = { step: place.step + 1, previous: checked.value.hash, inputs: outputsOf(checked.value) };
  }
  const end = { statement: context.id, wave: wave.number, content: setting.content, mix: place.previous, lists: place.inputs };
  const openings = openers.map((trustee) =>
    makeOpening(key.authors[trustee - 1] as Author, key.keyed, key.shares[trustee - 1] as Scalar, end, true, random),
  );
  const cleared = openings.slice(0, context.statement.committee.threshold).map((opening) => {
    const checked = checkOpening(key.keyed, end, opening);
    if (!checked.ok) throw new Error(checked.code);
    return checked.value;
  });
  const last = steps.at(-1)?.lists ?? [];
  const names = last.map((list, i) => {
    const partials = cleared.map(({ trustee, lists }) => ({ trustee, points: lists[i]?.points ?? [] }));
    const tokens = takeTokens(clearTexts(list.items.map(([, sealed]) => sealed)), partials).map(formatPoint);
    const group = groups.find(({ id }) => id === list.group) as TestGroup;
    const file = checkCapsules(group.header, group.capsules);
    if (!file.ok) throw new Error(file.code);
    return lookUpNames(file.value, { statement: context.id, wave: wave.number }, tokens);
  });
  return { wave, entries, steps, openings, names };
}

export type RecordParts = {
  context: StatementContext;
  groups: readonly TestGroup[];
  keyMessages: readonly KeyMessage[];
  checkpoints: readonly ListedCheckpoint[];
  cosignatures: readonly Cosignature[];
  waves: readonly RevealedWave[];
  destroyed: readonly Destroyed[];
  writtenAt: number;
};

/** Writes a record from its parts; each element is a line without its line feed. */
export function writeRecord(record: RecordParts): string[] {
  const writer = createRecordWriter(record.context);
  const lines = [writer.header()];
  const groups = [...record.groups].sort((a, b) => (a.id < b.id ? -1 : 1));
  const chosen = selectCosignatures(
    record.checkpoints.map((checkpoint) => headOf(checkpoint).hash),
    record.cosignatures,
  );
  const rest: unknown[] = [
    ...groups.map(({ header, leaves }) => ({ ...header, leaves: leaves.map(String) })),
    ...record.keyMessages,
    ...record.checkpoints,
    ...chosen,
    ...record.waves.flatMap(({ wave, entries, steps, openings, names }) => [
      wave,
      ...entries,
      ...steps.flatMap(({ mix, lists }) => [mix, ...lists]),
      ...openings,
      ...names,
    ]),
    ...record.destroyed,
  ];
  for (const line of rest) lines.push(writer.line(line as Json));
  lines.push(writer.end(record.writtenAt, PLATFORM_SEED));
  return lines.map((line) => line.trimEnd());
}
