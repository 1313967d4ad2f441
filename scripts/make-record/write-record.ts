import { type BoardHead, type Cosignature, emptyBoard, headOf, signCheckpoint, signCosignature } from '#lib/protocol/board/board.ts';
import { compareEntries, type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import type { Scalar } from '#lib/protocol/numbers/point.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { createRecordWriter } from '#lib/protocol/record/writer.ts';
import { makeOpening, type Opening, type Wave } from '#lib/protocol/reveal/opening.ts';
import { sortNullifiers } from '#lib/protocol/reveal/waves.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
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
  onOpening: (trustee: number) => void;
};

/**
 * The lines of a record, each with its newline, in which every signature opens in one wave at the last checkpoint. The trigger
 * of the statement must ask for exactly as many as there are.
 */
export function* writeRecord({ context, groups, committee, entries, platform, random, faulty, onOpening }: Parts): Generator<string> {
  const writer = createRecordWriter(context);
  yield writer.header();
  for (const { header, leaves } of [...groups].sort((a, b) => (a.id < b.id ? -1 : 1)))
    yield writer.line({ ...header, leaves: leaves.map(formatField) } as Json);
  for (const message of committee.messages) yield writer.line(message as Json);

  if (faulty) plantBadProof(entries);
  const dropped = faulty ? entries.at(-1) : undefined;
  let head = emptyBoard(committee.keyed.transcript);
  for (let start = 0; start < entries.length; start += ENTRIES_A_CHECKPOINT) {
    const batch = entries.slice(start, start + ENTRIES_A_CHECKPOINT).sort(compareEntries);
    const hashes = batch.map(entryHash);
    const checkpoint = signCheckpoint(context, head, hashes, PUBLISHED + start, platform);
    yield writer.line({ ...checkpoint, entries: hashes });
    for (const entry of batch) if (entry !== dropped) yield writer.line(entry);
    head = headOf(checkpoint);
  }
  for (const cosignature of cosign(context, committee, head)) yield writer.line(cosignature);
  const wave = waveOf(entries, head);
  yield writer.line({ type: 'wave', statement: context.id, ...wave } as Json);
  for (const [i, author] of committee.authors.entries()) {
    onOpening(author.trustee);
    const opening = makeOpening(author, committee.keyed, committee.shares[i] as Scalar, wave, random);
    yield writer.line(faulty && i === committee.authors.length - 1 ? spoil(opening, author.seed) : opening);
  }
  yield writer.end(WRITTEN, platform);
}

function cosign(context: StatementContext, { authors }: MadeCommittee, head: BoardHead): Cosignature[] {
  return authors.map(({ trustee, seed }) => signCosignature(context, trustee, head, seed));
}

/** The wave of all these signatures at a checkpoint. */
export function waveOf(entries: readonly Entry[], head: BoardHead): Wave {
  const ephemerals = new Map(entries.map(({ nullifier, ephemeral }) => [nullifier, ephemeral]));
  const items = sortNullifiers([...ephemerals.keys()]).map((nullifier) => ({
    nullifier,
    ephemeral: ephemerals.get(nullifier) as Entry['ephemeral'],
  }));
  return { number: 1, checkpoint: head.hash, items };
}

/** Gives one entry the proof of another: well formed, and of something else. */
function plantBadProof(entries: Entry[]): void {
  const [first, second] = entries as [Entry, Entry];
  entries[0] = { ...first, proof: second.proof };
}

/** Exchanges two partial openings; the trustee signs the result, so that nobody else can be at fault. */
function spoil(opening: Opening, seed: Uint8Array): Opening {
  const { signature: _, ...body } = opening;
  const [first, second, ...rest] = body.partials as [Opening['partials'][number], Opening['partials'][number]];
  return signMessage('opening', { ...body, partials: [second, first, ...rest] }, seed);
}
