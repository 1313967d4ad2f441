import { bytesToHex } from '@noble/hashes/utils.js';
import type { Disk } from '#lib/host/disk.ts';
import { writeStored } from '#lib/host/stored-file.ts';
import type { Shape } from '#lib/protocol/messages/shape.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { fileOf } from '#lib/trustee/keystore.ts';
import { appendLines } from '#lib/trustee/line-log.ts';
import { keyFile } from '#lib/trustee/statement-files.ts';
import { journalShape, keyMessageShape, shareFileShape, statementFileShape, trusteeFileShape } from '#lib/trustee/stored-shapes.ts';
import type { MadeCommittee } from '../make-record/stage.ts';

/** Writes what a trustee's keystore holds once the key of a statement is made: its own part of the committee, from 1. */
export async function makeKeystore(disk: Disk, committee: MadeCommittee, trustee: number): Promise<void> {
  const { authors, shares, messages, keyed } = committee;
  const [author, share] = [authors[trustee - 1], shares[trustee - 1]];
  if (!author || share === undefined) throw new RangeError('"trustee" is not in the committee');
  const { context, seed } = author;
  const { statement, id } = context;
  const descriptor = statement.committee.trustees[trustee - 1];
  const destroyAt = destructionTime(statement);
  const own = messages.filter((message) => message.trustee === trustee);
  const { transcript } = keyed;
  const write = <T>(name: string, shape: Shape<T>, value: Record<string, unknown>) =>
    writeStored(disk, name, { version: 2, ...value } as never, shape);
  await write('trustee.json', trusteeFileShape, { seed: bytesToHex(seed), descriptor });
  await write(fileOf(id, 'statement.json'), statementFileShape, { statement, rolls: [...context.rolls.values()] });
  await write(fileOf(id, 'share.json'), shareFileShape, { share: share.toString(10), transcript, destroyAt });
  await appendLines(disk, keyFile(id), keyMessageShape, messages);
  const journal = { statement: id, trustee, openBy: statement.openBy, destroyAt, stage: 'keyed', transcript, messages: own };
  await write(fileOf(id, 'journal.json'), journalShape, journal);
}
