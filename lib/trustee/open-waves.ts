import { isShareOf, type Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { Scalar } from '#lib/protocol/numbers/point.ts';
import { checkOpeningInSteps, type Opening, openingShape, proveOpening, type Wave } from '#lib/protocol/reveal/opening.ts';
import { type BoardView, finalWaves } from './board-view.ts';
import { authorOf, type Duty, logAbout, type TrusteeContext } from './duty.ts';
import { agreesWithCosigned, mayOpen } from './duty-policy.ts';
import { readStored, writeStored } from './keystore.ts';
import { readShare } from './make-key.ts';
import { openingFile, partialsFile } from './opening-files.ts';
import { makePartials } from './partials.ts';
import { checkCosignatures, forgetCosignatures } from './read-messages.ts';
import { runSteps } from './run-steps.ts';

/**
 * Opens, in order, the waves of final checkpoints that this trustee has not opened: only what its own view of the board calls for, and
 * only while its share may exist. An opening is on disk before it can be sent, so that it is made once. SPEC §10.2.
 */
export async function openWaves(trustee: TrusteeContext, duty: Duty, keyed: Keyed, view: BoardView): Promise<void> {
  const next = view.waves.find((due) => !duty.opened.has(due.wave.number));
  if (!next || !agreesWithCosigned(view, duty.journal.cosigned)) return forgetCosignatures(duty, view.head.number + 1);
  forgetCosignatures(duty, next.checkpointNumber);
  const cosignatures = checkCosignatures(duty, view.hashes, next.checkpointNumber);
  for (const wave of finalWaves(duty.context, view, cosignatures)) {
    if (duty.opened.has(wave.number) || !mayOpen(duty.journal, trustee.now()) || trustee.clock.isInDoubt()) continue;
    await openWave(trustee, duty, keyed, wave);
  }
}

/** Between any two steps the time may be over; then nothing is published, and whoever destroys the share finds what is left. */
async function openWave(trustee: TrusteeContext, duty: Duty, keyed: Keyed, wave: Wave): Promise<void> {
  const mayGoOn = () => mayOpen(duty.journal, trustee.now());
  const author = authorOf(trustee, duty);
  const share = await requireShare(trustee, duty, keyed);
  const partials = await makePartials(trustee, duty.id, share, wave, mayGoOn);
  if (partials === null) return;
  const opening = await runSteps(trustee, proveOpening(author, keyed, share, wave, partials, trustee.random), mayGoOn);
  if (opening === null) return;
  // Partials that lay on the disk are not believed: what others would refuse is not published, and is made anew.
  const checked = await runSteps(trustee, checkOpeningInSteps(duty.id, keyed, wave, opening), mayGoOn);
  if (checked === null || !mayGoOn()) return;
  if (checked.ok) await writeStored(trustee.disk, openingFile(duty.id, wave.number), opening, openingShape);
  await trustee.disk.erase(partialsFile(duty.id, wave.number));
  if (!checked.ok) throw new Error(`the stored part of the opening of wave ${wave.number} is false; it is made again`);
  duty.opened.add(wave.number);
  logAbout(trustee, duty.id, `wave ${wave.number} opened: ${wave.items.length} signatures`);
}

async function requireShare(trustee: TrusteeContext, duty: Duty, keyed: Keyed): Promise<Scalar> {
  const stored = await readShare(trustee, duty.id);
  if (stored === null) throw new Error('the share is gone before its time');
  const share = BigInt(stored.share) as Scalar;
  if (!isShareOf(keyed, duty.journal.trustee, share)) throw new Error('the stored share is not that of the key');
  return share;
}

export function readOpening(trustee: TrusteeContext, duty: Duty, wave: number): Promise<Opening | null> {
  return readStored(trustee.disk, openingFile(duty.id, wave), openingShape);
}
