import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { provenFile } from './board-log.ts';
import { type Disk, nameToErase } from './disk.ts';
import { authorOf, type Duty, logAbout, saveJournal, type TrusteeContext } from './duty.ts';
import { isKeyingOver, isShareOver } from './duty-policy.ts';
import { fileOf, folderOf, listStatements, readJournal, readStored } from './keystore.ts';
import { isMadeWithShare, listOpened, partialsFile } from './opening-files.ts';
import { shareFileShape } from './stored-shapes.ts';

/** Seconds after which it is looked whether work that was under way at the end has left anything. */
const SECOND_LOOK = 60;

/**
 * Erases a statement's share and key secrets if their time has come, with whatever was made of a share and may not be published any
 * more. It needs nothing but the folder and the clock: it runs before a starting trustee reads anything of a statement from the network,
 * and beside its other work ever after. SPEC §11.
 * @returns when to look again, Unix seconds; null when nothing is left to erase
 * @throws Error when its files cannot be read, after erasing what could be judged
 */
export async function eraseDue(disk: Disk, id: Hex32, now: number): Promise<number | null> {
  const files = await listToErase(disk, id);
  const isHeld = files.some((name) => name === 'share.json' || isMadeWithShare(name));
  if (!isHeld && !files.includes('secrets.json')) return null;
  const share = await readStored(disk, fileOf(id, 'share.json'), shareFileShape);
  if (share && now >= share.destroyAt) await eraseShare(disk, id);
  const journal = await readJournal(disk, id);
  if (journal === null) return share && now < share.destroyAt ? share.destroyAt : now + SECOND_LOOK;
  if (isKeyingOver(journal, now)) await disk.erase(fileOf(id, 'secrets.json'));
  if (isShareOver(journal, now)) await eraseShare(disk, id);
  if (now >= journal.destroyAt) return now + SECOND_LOOK;
  return now <= journal.openBy ? journal.openBy + 1 : journal.destroyAt;
}

/** The share goes first: what is left without it opens nothing that it has not opened already. */
async function eraseShare(disk: Disk, id: Hex32): Promise<void> {
  await disk.erase(fileOf(id, 'share.json'));
  for (const name of await listToErase(disk, id)) if (isMadeWithShare(name)) await disk.erase(fileOf(id, name));
}

/** The files of a statement; those whose erasing has begun and failed under the names by which it is finished. */
async function listToErase(disk: Disk, id: Hex32): Promise<string[]> {
  return [...new Set((await disk.list(folderOf(id))).map(nameToErase))];
}

/**
 * Completes what a crash interrupted. Secrets without a journal were never used for anything that was said: they go too. So do
 * partial openings whose opening is finished.
 */
export async function tidyKeystore(disk: Disk): Promise<void> {
  await disk.finishErasing('.');
  for (const id of await listStatements(disk)) {
    await disk.finishErasing(folderOf(id));
    const hasJournal = (await disk.read(fileOf(id, 'journal.json'))) !== null;
    if (!hasJournal) await disk.erase(fileOf(id, 'secrets.json'));
    for (const wave of listOpened(await disk.list(folderOf(id)))) await disk.erase(partialsFile(id, wave));
  }
}

/** Ends a statement whose time is over: the share is erased in every case, and only then the trustee says so. SPEC §11. */
export async function settleDuty(trustee: TrusteeContext, duty: Duty): Promise<void> {
  const { journal, id } = duty;
  const now = trustee.now();
  if (trustee.clock.isInDoubt()) return;
  if (isKeyingOver(journal, now) && !duty.hasNoSecrets) {
    await trustee.disk.erase(fileOf(id, 'secrets.json'));
    duty.hasNoSecrets = true;
  }
  if (!isShareOver(journal, now)) return;
  await eraseShare(trustee.disk, id);
  if (journal.stage === 'aborted' || journal.stage === 'destroyed') return;
  // Without a confirm there was no share to destroy and nothing to say.
  if (journal.stage === 'keying') return saveJournal(trustee, duty, { stage: 'aborted' });
  const destroyed = signDestroyed(authorOf(trustee, duty), now);
  await saveJournal(trustee, duty, { stage: 'destroyed', messages: [...journal.messages, destroyed] });
  logAbout(trustee, id, 'deadline and grace are over; the share is destroyed');
}

/** Removes the public files that nothing needs any more; the journal stays, so that the statement is never joined again. */
export async function clearPublicFiles(disk: Disk, id: Hex32): Promise<void> {
  for (const file of [fileOf(id, 'board.log'), provenFile(id), fileOf(id, 'key.json')]) await disk.remove(file);
}
