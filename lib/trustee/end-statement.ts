import { type Disk, nameToErase } from '#lib/host/disk.ts';
import { readStored } from '#lib/host/stored-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Attested, signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { releaseCapsules } from './capsules.ts';
import { logAbout, type TrusteeContext } from './context.ts';
import { authorOf, type Duty, saveJournal } from './duty.ts';
import { isKeyingOver, isShareOver, nextEndStep } from './duty-policy.ts';
import { fileOf, folderOf, listKeptStatements, readJournal } from './keystore.ts';
import { progressFile } from './progress.ts';
import { endsWithShare, keyFile, partialsFile, wavesFile } from './statement-files.ts';
import { shareFileShape } from './stored-shapes.ts';
import { isOpened } from './wave-view.ts';

/** Seconds after which it is looked whether work that was under way at the end has left anything. */
const SECOND_LOOK = 60;

/**
 * Erases a statement's share and key secrets if their time has come, with what was made of a share and what only the committee may see.
 * It needs nothing but the folder and the clock: it runs before a starting trustee reads anything of a statement from the network, and
 * beside its other work ever after. SPEC §11.
 * @returns when to look again, Unix seconds; null when nothing is left to erase
 * @throws Error when its files cannot be read, after erasing what could be judged
 */
export async function eraseDue(disk: Disk, id: Hex32, now: number): Promise<number | null> {
  const files = await listToErase(disk, id);
  const isHeld = files.some((name) => name === 'share.json' || endsWithShare(name));
  if (!isHeld && !files.includes('secrets.json') && !files.includes('key.log')) return null;
  const share = await readStored(disk, fileOf(id, 'share.json'), shareFileShape);
  if (share && now >= share.destroyAt) await eraseShare(disk, id);
  const journal = await readJournal(disk, id);
  if (journal === null) return share && now < share.destroyAt ? share.destroyAt : now + SECOND_LOOK;
  if (isKeyingOver(journal, now)) await disk.erase(fileOf(id, 'secrets.json'));
  if (isShareOver(journal, now)) {
    await eraseShare(disk, id);
    await releaseCapsules(disk, now);
  }
  if (now >= journal.destroyAt) {
    if (journal.closed) await disk.remove(keyFile(id));
    return now + SECOND_LOOK;
  }
  return now <= journal.openBy ? journal.openBy + 1 : journal.destroyAt;
}

/** The share goes first: what is left without it opens nothing that it has not opened already. */
async function eraseShare(disk: Disk, id: Hex32): Promise<void> {
  await disk.erase(fileOf(id, 'share.json'));
  for (const name of await listToErase(disk, id)) if (endsWithShare(name)) await disk.erase(fileOf(id, name));
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
  await disk.finishErasing('capsules');
  for (const id of await listKeptStatements(disk)) {
    await disk.finishErasing(folderOf(id));
    const files = await disk.list(folderOf(id));
    if (!files.includes('journal.json')) await disk.erase(fileOf(id, 'secrets.json'));
    for (const name of files) {
      const [, wave, mix] = /^opening-([1-9]\d*)-([0-9a-f]{64})\.json$/.exec(name) ?? [];
      if (wave !== undefined && mix !== undefined) await disk.erase(partialsFile(id, Number(wave), mix));
    }
  }
}

/** Ends what is over: erased in every case first, and only then does the trustee say so. SPEC §7.5, §11. */
export async function settleDuty(trustee: TrusteeContext, duty: Duty): Promise<void> {
  if (trustee.clock.isInDoubt()) return;
  const { journal, id } = duty;
  const step = nextEndStep(journal, trustee.now());
  if (step.do === 'nothing') return;
  await trustee.disk.erase(fileOf(id, 'secrets.json'));
  if (isShareOver(journal, trustee.now())) await eraseShare(trustee.disk, id);
  if (step.do === 'abort') return saveJournal(trustee, duty, { stage: 'aborted' });
  if (step.do !== 'attest') return;
  const destroyed = signDestroyed(authorOf(trustee, duty), attestedBy(duty), trustee.now());
  await saveJournal(trustee, duty, { stage: 'destroyed', messages: [...journal.messages, destroyed] });
  duty.view.board = null;
  logAbout(trustee, id, 'DESTROYED', 'deadline and grace are over; the share is destroyed');
}

/** What it last cosigned, and of every final wave that it found due whether it holds k valid openings of one chain. SPEC §11. */
function attestedBy({ journal, view }: Duty): Attested {
  const { cosigned } = journal;
  const waves = [...view.waves.values()].sort((a, b) => a.number - b.number);
  return {
    ...(cosigned ? { head: { number: cosigned.number, checkpoint: cosigned.checkpoint } } : {}),
    waves: waves.flatMap((wave) => (wave.locked ? [{ number: wave.number, content: wave.locked, opened: isOpened(wave) }] : [])),
  };
}

/**
 * Puts a statement away for good once it has ended and its last word was taken. The journal stays, so that it is never joined again,
 * and the receipts; messages of a key generation stay until the statement's end.
 */
export async function closeDuty(trustee: TrusteeContext, duty: Duty): Promise<void> {
  await releaseCapsules(trustee.disk, trustee.now());
  for (const file of [wavesFile(duty.id), progressFile(duty.id)]) await trustee.disk.remove(file);
  if (trustee.now() >= duty.journal.destroyAt) await trustee.disk.remove(keyFile(duty.id));
  await saveJournal(trustee, duty, { closed: true });
}
