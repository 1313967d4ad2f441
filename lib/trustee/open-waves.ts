import type { Keyed } from '../protocol/key-judgement.ts';
import { makeOpening, type Opening, openingShape, type Wave } from '../protocol/opening.ts';
import type { Scalar } from '../protocol/point.ts';
import { type BoardView, finalWaves } from './board-view.ts';
import { authorOf, type Duty, logAbout, type TrusteeContext } from './duty.ts';
import { agreesWithCosigned, mayOpen } from './duty-policy.ts';
import { fileOf, readStored, writeJson } from './keystore.ts';
import { readShare } from './make-key.ts';
import { checkCosignatures, forgetCosignatures } from './read-messages.ts';

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
    if (duty.opened.has(wave.number) || !mayOpen(duty.journal, trustee.now())) continue;
    await openWave(trustee, duty, keyed, wave);
  }
}

async function openWave(trustee: TrusteeContext, duty: Duty, keyed: Keyed, wave: Wave): Promise<void> {
  const share = await readShare(trustee, duty.id);
  if (share === null) throw new Error('the share is gone before its time');
  const opening = makeOpening(authorOf(trustee, duty), keyed, BigInt(share.share) as Scalar, wave, trustee.random);
  if (!mayOpen(duty.journal, trustee.now())) return; // a large wave takes a while
  await writeJson(trustee.disk, openingFile(duty, wave.number), opening);
  duty.opened.add(wave.number);
  logAbout(trustee, duty.id, `wave ${wave.number} opened: ${wave.items.length} signatures`);
}

export function readOpening(trustee: TrusteeContext, duty: Duty, wave: number): Promise<Opening | null> {
  return readStored(trustee.disk, openingFile(duty, wave), openingShape);
}

export function openingFile(duty: Pick<Duty, 'id'>, wave: number): string {
  return fileOf(duty.id, `opening-${wave}.json`);
}
