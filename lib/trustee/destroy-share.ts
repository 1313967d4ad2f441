import { signDestroyed } from '../protocol/destruction.ts';
import type { Hex32 } from '../protocol/hash.ts';
import type { Disk } from './disk.ts';
import { authorOf, type Duty, logAbout, saveJournal, type TrusteeContext } from './duty.ts';
import { isKeyingOver, isShareOver } from './duty-policy.ts';
import { fileOf, folderOf, listStatements, readJournal, readStored } from './keystore.ts';
import { openingFile } from './open-waves.ts';
import { shareFileShape } from './stored-shapes.ts';

/**
 * Erases, in the whole keystore, every share and every key secret whose time has come. It needs nothing but the folder and the clock:
 * it runs before a starting trustee asks the network anything, and beside its other work ever after. SPEC §11.
 * @returns for each statement whose files cannot be read, why
 */
export async function eraseDue(disk: Disk, now: number): Promise<string[]> {
  const problems: string[] = [];
  for (const id of await listStatements(disk)) {
    const files = await disk.list(folderOf(id));
    if (!files.includes('share.json') && !files.includes('secrets.json')) continue;
    try {
      const share = await readStored(disk, fileOf(id, 'share.json'), shareFileShape);
      if (share && now >= share.destroyAt) await disk.erase(fileOf(id, 'share.json'));
      const journal = await readJournal(disk, id);
      if (journal && isKeyingOver(journal, now)) await disk.erase(fileOf(id, 'secrets.json'));
      if (journal && isShareOver(journal, now)) await disk.erase(fileOf(id, 'share.json'));
    } catch (error) {
      problems.push(`statement ${id.slice(0, 12)}: ${error instanceof Error ? error.message : 'unreadable'}`);
    }
  }
  return problems;
}

/** Completes what a crash interrupted. Secrets without a journal were never used for anything that was said: they go too. */
export async function tidyKeystore(disk: Disk): Promise<void> {
  await disk.finishErasing('.');
  for (const id of await listStatements(disk)) {
    await disk.finishErasing(folderOf(id));
    const hasJournal = (await disk.read(fileOf(id, 'journal.json'))) !== null;
    if (!hasJournal) await disk.erase(fileOf(id, 'secrets.json'));
  }
}

/** Ends a statement whose time is over: the share is erased in every case, and only then the trustee says so. SPEC §11. */
export async function settleDuty(trustee: TrusteeContext, duty: Duty): Promise<void> {
  const { journal, id } = duty;
  const now = trustee.now();
  if (isKeyingOver(journal, now)) await trustee.disk.erase(fileOf(id, 'secrets.json'));
  if (!isShareOver(journal, now)) return;
  await trustee.disk.erase(fileOf(id, 'share.json'));
  if (journal.stage === 'aborted' || journal.stage === 'destroyed') return;
  // Without a confirm there was no share to destroy and nothing to say.
  if (journal.stage === 'keying') return saveJournal(trustee, duty, { stage: 'aborted' });
  const destroyed = signDestroyed(authorOf(trustee, duty), now);
  await saveJournal(trustee, duty, { stage: 'destroyed', messages: [...journal.messages, destroyed] });
  logAbout(trustee, id, 'deadline and grace are over; the share is destroyed');
}

/** Removes the public files that nothing needs any more; the journal stays, so that the statement is never joined again. */
export async function clearPublicFiles(disk: Disk, id: Hex32, opened: Iterable<number>): Promise<void> {
  const files = [...[...opened].map((wave) => openingFile({ id }, wave)), fileOf(id, 'board.log'), fileOf(id, 'key.json')];
  for (const file of files) await disk.remove(file);
}
