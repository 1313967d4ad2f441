// What the keystore holds, for the person whose trustee it is. It reads no secret but to see that it is there.
import type { Disk } from '#lib/host/disk.ts';
import { readStored } from '#lib/host/stored-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { fileOf, listKeptStatements, readJournal } from '../keystore.ts';
import { type Progress, readProgress } from '../progress.ts';
import { type Journal, statementFileShape } from '../stored-shapes.ts';

/** A statement that is not over for this trustee. Times in Unix seconds. */
export type HeldStatement = {
  id: Hex32;
  title: string;
  stage: Journal['stage'];
  /** Its own place in the committee, from 1. */
  place: number;
  threshold: number;
  trustees: number;
  openBy: number;
  deadline: number;
  destroyAt: number;
  /** The number of the last checkpoint that it cosigned; 0 for none. */
  checkpoint: number;
  progress: Progress | null;
};

/** `held`: the first to end first, at most so many; `further`: how many more. `destroyed` and `aborted`: how many are over, and how. */
export type KeystoreView = { held: HeldStatement[]; further: number; destroyed: number; aborted: number };

const MOST_SHOWN = 100;

/** Reads the keystore each time; of statements that are over, once. */
export function createKeystoreReader(disk: Disk): () => Promise<KeystoreView> {
  const over = new Map<Hex32, Journal['stage']>();
  return async () => {
    const open: Journal[] = [];
    for (const id of await listKeptStatements(disk)) {
      const journal = over.has(id) ? null : await readJournal(disk, id);
      if (journal?.closed) over.set(id, journal.stage);
      else if (journal) open.push(journal);
    }
    open.sort((a, b) => a.destroyAt - b.destroyAt);
    const held: HeldStatement[] = [];
    for (const journal of open.slice(0, MOST_SHOWN)) {
      const described = await describeHeld(disk, journal);
      if (described) held.push(described);
    }
    const aborted = [...over.values()].filter((stage) => stage === 'aborted').length;
    return { held, further: Math.max(0, open.length - MOST_SHOWN), destroyed: over.size - aborted, aborted };
  };
}

/** Null where it was put away while it was looked at. */
async function describeHeld(disk: Disk, { statement: id, ...journal }: Journal): Promise<HeldStatement | null> {
  const stored = await readStored(disk, fileOf(id, 'statement.json'), statementFileShape);
  if (stored === null) return null;
  const { text, openBy, deadline, committee } = stored.statement;
  return {
    ...{ id, title: text[0]?.title ?? '', stage: journal.stage, place: journal.trustee, openBy, deadline, destroyAt: journal.destroyAt },
    ...{ threshold: committee.threshold, trustees: committee.trustees.length, checkpoint: journal.cosigned?.number ?? 0 },
    progress: await readProgress(disk, id),
  };
}
