import { readStored, writeStored } from '#lib/host/stored-file.ts';
import { isShareOf, type Keyed } from '#lib/protocol/key/key-judgement.ts';
import { messageHash } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { formatPoint, type Point, type PointText, type Scalar } from '#lib/protocol/numbers/point.ts';
import { type Opening, openingShape, signOpening } from '#lib/protocol/reveal/opening.ts';
import { logAbout, type TrusteeContext, warnAbout } from './context.ts';
import { authorOf, type Duty } from './duty.ts';
import type { EndText } from './jobs.ts';
import { readShare } from './make-key.ts';
import { linesOf, mayGoOn, type WaveAtWork } from './mix-wave.ts';
import { makePartials } from './partials.ts';
import { openingFile, partialsFile } from './statement-files.ts';
import { isOpened, noteWave, type WaveView } from './wave-view.ts';

/**
 * Opens the last lists of a chain that this trustee has verified from the entries on. Between any two steps the time may be over; then
 * nothing is published, and whoever destroys the share finds what is left. SPEC §10.7.
 */
export async function openWave(trustee: TrusteeContext, duty: Duty, work: WaveAtWork, mix: Hex32, lead: boolean): Promise<void> {
  const { keyed, view } = work;
  const isWanted = mayGoOn(trustee, duty);
  const end = await endOf(trustee, duty, work, mix);
  const key = keyOf(keyed, duty.journal.trustee);
  const check = (opening: Opening) => trustee.work.runWhile(isWanted, 'checkOpening', { end, key, opening });
  const ready = await readOpening(trustee, duty, view.number, mix);
  // Finished before a crash, and never sent: it is the one.
  if (ready?.lead === lead && (await check(ready))?.ok) return keepOpening(trustee, duty, view, ready, true);
  const share = await requireShare(trustee, duty, keyed);
  const made = await makePartials(trustee, { trustee: duty.journal.trustee, share, key, end }, work.due.size, isWanted);
  if (made === null) return;
  const opening = signOpening(authorOf(trustee, duty), end, lead, made.lists, made.proof);
  // Partials that lay on the disk are not believed: what others would refuse is not published, and is made anew.
  const checked = await check(opening);
  if (checked === null) return;
  if (checked.ok) await keepOpening(trustee, duty, view, opening, true);
  await trustee.disk.erase(partialsFile(duty.id, view.number, mix));
  if (!checked.ok) throw new Error(`the stored part of the opening of wave ${view.number} is false; it is made again`);
  logAbout(trustee, duty.id, 'WAVE_OPENED', `wave ${view.number} opened: ${work.due.size} signatures`);
}

/** Verifies the opening of somebody else: it may be a lead to follow, and k of one chain are a reveal. */
export async function verifyOpening(trustee: TrusteeContext, duty: Duty, work: WaveAtWork, hash: Hex32): Promise<void> {
  const { keyed, view } = work;
  const opening = view.unread.get(hash) as Opening;
  const end = await endOf(trustee, duty, work, opening.mix);
  const input = { end, key: keyOf(keyed, opening.trustee), opening };
  const checked = await trustee.work.runWhile(mayGoOn(trustee, duty), 'checkOpening', input);
  if (checked === null) return;
  view.unread.delete(hash);
  if (checked.ok) return keepOpening(trustee, duty, view, opening, opening.trustee === duty.journal.trustee);
  view.rejected.add(hash);
  warnAbout(trustee, duty.id, 'BAD_OPENING', `BAD_OPENING: trustee ${opening.trustee}, wave ${view.number} (${checked.detail})`);
}

function keyOf({ verificationKeys }: Keyed, trustee: number): PointText {
  return formatPoint(verificationKeys[trustee - 1] as Point);
}

async function endOf(trustee: TrusteeContext, duty: Duty, { view, due }: WaveAtWork, mix: Hex32): Promise<EndText> {
  const lines = await linesOf(trustee, duty, view, mix);
  return { statement: duty.id, wave: view.number, content: due.content, mix, lines };
}

/** Its own opening is on disk before it is noted, and noted before it can be sent; of others' the note is enough. */
async function keepOpening(trustee: TrusteeContext, duty: Duty, view: WaveView, opening: Opening, isOwn: boolean): Promise<void> {
  const { wave, content, mix, lead, trustee: author } = opening;
  const hash = messageHash('opening', opening);
  if (isOwn) await writeStored(trustee.disk, openingFile(duty.id, wave, mix), opening, openingShape);
  const before = isOpened(view);
  await noteWave(trustee.disk, duty.id, view, { type: 'opening', wave, content, hash, trustee: author, mix, lead }, trustee.monotonic());
  if (!before && isOpened(view)) {
    view.lines.clear(); // read again from the disk if another chain of this wave is led
    logAbout(trustee, duty.id, 'NAMES_OPEN', `wave ${wave}: ${view.chains.threshold} openings of one chain are there, the names are open`);
  }
}

async function requireShare(trustee: TrusteeContext, duty: Duty, keyed: Keyed): Promise<Scalar> {
  const stored = await readShare(trustee, duty.id);
  if (stored === null) throw new Error('the share is gone before its time');
  const share = BigInt(stored.share) as Scalar;
  if (!isShareOf(keyed, duty.journal.trustee, share)) throw new Error('the stored share is not that of the key');
  return share;
}

export function readOpening(trustee: TrusteeContext, duty: Duty, wave: number, mix: Hex32): Promise<Opening | null> {
  return readStored(trustee.disk, openingFile(duty.id, wave, mix), openingShape);
}
