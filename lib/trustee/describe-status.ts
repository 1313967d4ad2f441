import type { Disk } from '#lib/host/disk.ts';
import { readStored } from '#lib/host/stored-file.ts';
import { fileOf, listKeptStatements, readJournal } from './keystore.ts';
import { describeProgress, readProgress } from './progress.ts';
import { shareFileShape, statementFileShape } from './stored-shapes.ts';

/** A line for each statement of which the keystore holds a share, for the operator, and below it what happens. It shows no share. */
export async function describeStatus(disk: Disk): Promise<string[]> {
  const lines: string[] = [];
  for (const id of await listKeptStatements(disk)) {
    const share = await readStored(disk, fileOf(id, 'share.json'), shareFileShape);
    const journal = await readJournal(disk, id);
    const stored = await readStored(disk, fileOf(id, 'statement.json'), statementFileShape);
    if (!share || !journal || !stored) continue;
    const { threshold, trustees } = stored.statement.committee;
    const place = `trustee ${journal.trustee} of ${trustees.length}, ${threshold} open`;
    const until = new Date(share.destroyAt * 1000).toISOString();
    lines.push(`${id}  ${journal.stage}  ${place}  checkpoint ${journal.cosigned?.number ?? 0}  destroyed at ${until}`);
    const progress = await readProgress(disk, id);
    if (progress) for (const line of describeProgress(progress)) lines.push(line);
  }
  return lines;
}
