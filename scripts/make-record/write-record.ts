import { type BoardHead, emptyBoard, headOf, signCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import { signCosignature } from '#lib/protocol/board/cosignature.ts';
import { createListingSalt, listedHash } from '#lib/protocol/board/listed.ts';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { createRecordWriter } from '#lib/protocol/record/writer.ts';
import { contentOf, createWave, startLists } from '#lib/protocol/reveal/wave-content.ts';
import { compareNullifiers } from '#lib/protocol/reveal/waves.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { revealSampleWave } from './reveal-wave.ts';
import { BEGIN, type MadeCommittee, type MadeGroup } from './stage.ts';

const ENTRIES_A_CHECKPOINT = 1_000;
const PUBLISHED = BEGIN + 2_000;
const WRITTEN = BEGIN + 50_000;

type Parts = {
  context: StatementContext;
  groups: readonly MadeGroup[];
  committee: MadeCommittee;
  entries: Entry[];
  platform: Uint8Array;
  random: Random;
  faulty: boolean;
  /** Hears what is being made. */
  tell: (what: string) => void;
};

/**
 * The lines of a record, each with its newline, in which every signature opens in one wave at the last checkpoint. The trigger
 * of the statement must ask for exactly as many as there are.
 */
export function* writeRecord(parts: Parts): Generator<string> {
  const { context, groups, committee, entries, platform } = parts;
  const writer = createRecordWriter(context);
  yield writer.header();
  for (const { header, leaves } of [...groups].sort((a, b) => (a.id < b.id ? -1 : 1)))
    yield writer.line({ ...header, leaves: leaves.map(formatField) } as Json);
  for (const message of committee.messages) yield writer.line(message as Json);
  if (parts.faulty) plantBadProof(entries);
  let head = emptyBoard(committee.keyed.transcript);
  for (const checkpoint of publish(parts)) {
    yield writer.line(checkpoint);
    head = headOf(checkpoint);
  }
  for (const author of committee.authors) yield writer.line(signCosignature(author, head));
  for (const message of revealAt(head, parts)) yield writer.line(message);
  yield writer.end(WRITTEN, platform);
}

function* publish({ context, committee, entries, platform, random }: Parts) {
  const live = new Map<string, number>();
  let head = emptyBoard(committee.keyed.transcript);
  for (let start = 0; start < entries.length; start += ENTRIES_A_CHECKPOINT) {
    const batch = entries.slice(start, start + ENTRIES_A_CHECKPOINT);
    for (const { said } of batch) live.set(said.group, (live.get(said.group) ?? 0) + 1);
    const listed = batch.map((entry) => listedHash(entryHash(entry), createListingSalt(random)));
    const checkpoint = signCheckpoint(context, head, { listed, live, time: PUBLISHED + head.number }, platform);
    yield checkpoint;
    head = headOf(checkpoint);
  }
}

/** The wave of all entries at a checkpoint, with all that opens it. */
function* revealAt(head: BoardHead, { context, committee, entries, groups, random, faulty, tell }: Parts): Generator<Json> {
  const byGroup = context.statement.rolls
    .map(({ group }) => entries.filter(({ said }) => said.group === group).sort((a, b) => compareNullifiers(a.nullifier, b.nullifier)))
    .filter((own) => own.length > 0);
  const due = byGroup.map((own) => ({ group: (own[0] as Entry).said.group, entries: own.map(entryHash) }));
  const wave = createWave(context.id, { number: 1, checkpoint: head.hash, groups: due });
  yield wave;
  const inOrder = byGroup.flat();
  yield* inOrder;
  const items = inOrder.map((entry) => ({ ...entry, hash: entryHash(entry), group: entry.said.group }));
  const start = startLists(wave, items);
  if (!start.ok) throw new Error(start.code);
  const setting = { statement: context.id, key: committee.keyed.key, wave: 1, content: contentOf(wave), start: start.value };
  const { threshold } = context.statement.committee;
  yield* revealSampleWave(setting, { committee, threshold, groups, random, faulty, tell });
}

/** Gives one entry the proof of another: well formed, and of something else. */
function plantBadProof(entries: Entry[]): void {
  const [first, second] = entries as [Entry, Entry];
  entries[0] = { ...first, proof: second.proof };
}
