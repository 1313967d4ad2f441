import { type Checkpoint, type Cosignature, emptyBoard, headOf, signCheckpoint, signCosignature } from '#lib/protocol/board/board.ts';
import { compareEntries, type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import type { Scalar } from '#lib/protocol/numbers/point.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { createRecordWriter } from '#lib/protocol/record/record.ts';
import type { Destroyed } from '#lib/protocol/reveal/destruction.ts';
import { makeOpening, type Opening, type Wave } from '#lib/protocol/reveal/opening.ts';
import { admitEntry, closeCheckpoint, createTally } from '#lib/protocol/reveal/waves.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { PLATFORM_SEED, type TestGroup } from './world.ts';

export type BoardPart = { checkpoint: Checkpoint; entries: Entry[] };

/** Publishes entries in batches, as the platform does. */
export function publish(context: StatementContext, keyed: Keyed, batches: readonly (readonly Entry[])[], time: number): BoardPart[] {
  let head = emptyBoard(keyed.transcript);
  return batches.map((batch, i) => {
    const entries = [...batch].sort(compareEntries);
    const checkpoint = signCheckpoint(context, head, entries.map(entryHash), time + i, PLATFORM_SEED);
    head = headOf(checkpoint);
    return { checkpoint, entries };
  });
}

/** The waves that these checkpoints open if all are final. */
export function wavesOf(context: StatementContext, parts: readonly BoardPart[]): Wave[] {
  const tally = createTally();
  const byNullifier = new Map<string, Entry>();
  const waves: Wave[] = [];
  for (const { checkpoint, entries } of parts) {
    for (const entry of entries) {
      if (entry.said.action === 'sign') byNullifier.set(entry.nullifier, entry);
      const admitted = admitEntry(tally, entry, entryHash(entry));
      if (!admitted.ok) throw new Error(admitted.code);
    }
    const nullifiers = closeCheckpoint(context, tally);
    if (!nullifiers) continue;
    const items = nullifiers.map((nullifier) => ({ nullifier, ephemeral: (byNullifier.get(nullifier) as Entry).ephemeral }));
    waves.push({ number: waves.length + 1, checkpoint: headOf(checkpoint).hash, items });
  }
  return waves;
}

export function cosignAll(context: StatementContext, authors: readonly Author[], parts: readonly BoardPart[]): Cosignature[] {
  return parts.flatMap(({ checkpoint }) =>
    authors.map((author) => signCosignature(context, author.trustee, headOf(checkpoint), author.seed)),
  );
}

export function openAll(
  authors: readonly Author[],
  shares: readonly Scalar[],
  keyed: Keyed,
  waves: readonly Wave[],
  random: Random,
): Opening[] {
  return waves.flatMap((wave) => authors.map((author) => makeOpening(author, keyed, shares[author.trustee - 1] as Scalar, wave, random)));
}

export type RecordParts = {
  context: StatementContext;
  groups: readonly TestGroup[];
  keyMessages: readonly KeyMessage[];
  parts: readonly BoardPart[];
  cosignatures: readonly Cosignature[];
  waves: readonly Wave[];
  openings: readonly Opening[];
  destroyed: readonly Destroyed[];
  writtenAt: number;
  /** Hashes of entries that stand as stubs. */
  stubs?: ReadonlySet<string>;
};

/** Writes a sealed record from its parts; each element is a line without its newline. */
export function writeRecord(record: RecordParts): string[] {
  const writer = createRecordWriter(record.context);
  const lines = [writer.header()];
  const groups = [...record.groups].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const { header, leaves } of groups) lines.push(writer.line({ ...header, leaves: leaves.map(String) } as Json));
  for (const message of record.keyMessages) lines.push(writer.line(message as Json));
  for (const { checkpoint, entries } of record.parts) {
    lines.push(writer.line({ ...checkpoint, entries: entries.map(entryHash) }));
    for (const entry of entries) {
      const hash = entryHash(entry);
      lines.push(writer.line(record.stubs?.has(hash) ? { type: 'stub', entry: hash } : entry));
    }
  }
  for (const cosignature of record.cosignatures) lines.push(writer.line(cosignature));
  for (const wave of record.waves) {
    lines.push(writer.line({ type: 'wave', statement: record.context.id, ...wave } as Json));
    for (const opening of record.openings) if (opening.wave === wave.number) lines.push(writer.line(opening));
  }
  for (const message of record.destroyed) lines.push(writer.line(message));
  lines.push(writer.end(record.writtenAt, PLATFORM_SEED));
  return lines.map((line) => line.trimEnd());
}
