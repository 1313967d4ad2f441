import 'server-only';
import path from 'node:path';
import { ceremonyPlaces as places } from '#db/schema/ceremony.ts';
import { decodeOffer } from '#lib/api/ceremony-offer.ts';
import type { PlaceStatus } from '#lib/api/ceremony-shapes.ts';
import { type Attestation, formatAttestation, parseAttestation } from '#lib/ceremony/attestation.ts';
import { findNewestKey, readIfThere, writeJson, writeWhole } from '#lib/ceremony/disk.ts';
import { attestationPath, runningKeyPath } from '#lib/ceremony/transcript.ts';
import { hashJson } from '#lib/proof/verification-key.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { logFault } from '../log.ts';
import { checkApart } from './check-apart.ts';
import { requireDesk, requireOpen } from './desk.ts';
import type { CeremonyDesk } from './open-desk.ts';
import { findPlace, hashPlaceToken, inQueue, isPlace } from './queue.ts';

type Offer = { key: Uint8Array; attestation: Attestation };

/** A contribution adds less than this to a key, and an attestation is shorter. */
const MARGIN = 8_192;
/** How long the outcome of a turn can be asked for. */
const KEPT_SECONDS = 600;

/** The most bytes that an offer can have: the newest key, one contribution and its attestation. */
export async function largestOffer(ctx: Context): Promise<number> {
  const { key } = await readNewest(requireDesk(ctx));
  return key.length + MARGIN;
}

/**
 * Takes the new key and its attestation from the place whose turn it is, and has a process check them; `askPlace` tells what
 * came out. Nothing is in the ceremony's folder before it has been found sound.
 * @throws AppError BAD_SHAPE, ATTESTATION_SIGNATURE, NOT_YOUR_TURN, PLACE_LOST, CEREMONY_CLOSED
 */
export async function acceptContribution(ctx: Context, token: string, body: Uint8Array): Promise<PlaceStatus> {
  const desk = requireDesk(ctx);
  await requireOpen(ctx, desk);
  const decoded = requireOk(decodeOffer(body));
  const attestation = requireOk(parseAttestation(decoded.attestation));
  const hash = hashPlaceToken(token);
  const isAccepted = await isInFolder(desk, attestation);
  const position = await inQueue(ctx, desk, token, async (tx) => {
    const place = await findPlace(tx, desk, token);
    if (place.state !== 'contributing') throw new AppError('NOT_YOUR_TURN');
    const end = { state: 'accepted', position: attestation.position, expiresAt: ctx.now() + KEPT_SECONDS } as const;
    await tx
      .update(places)
      .set(isAccepted ? end : { state: 'checking' })
      .where(isPlace(place));
    if (!isAccepted) desk.checking.add(hash);
    return isAccepted ? attestation.position : null;
  });
  if (position !== null) return { state: 'accepted', position };
  void checkAndKeep(ctx, desk, token, { key: decoded.key, attestation }).finally(() => desk.checking.delete(hash));
  return { state: 'checking' };
}

/** Checks an offer, keeps it if it is sound, and notes the outcome at its place. Never throws. */
async function checkAndKeep(ctx: Context, desk: CeremonyDesk, token: string, offer: Offer): Promise<void> {
  try {
    const { position: newest } = await readNewest(desk);
    const position = newest + 1;
    const checked = await checkApart({ folder: desk.folder, offered: offer, position }, desk.ending.signal);
    await inQueue(ctx, desk, null, async (tx) => {
      const place = await findPlace(tx, desk, token);
      const problem = await findProblem(desk, checked, newest);
      if (problem === null) await keep(desk, position, offer);
      const end = problem === null ? { state: 'accepted' as const, position } : { state: 'refused' as const, reason: problem };
      await tx
        .update(places)
        .set({ ...end, expiresAt: ctx.now() + KEPT_SECONDS })
        .where(isPlace(place));
    });
  } catch (error) {
    // The place gets its turn back as soon as it is asked for, and its key can be sent again.
    logFault(error);
  }
}

async function findProblem(desk: CeremonyDesk, checked: Checked<null>, newest: number): Promise<string | null> {
  if (!checked.ok) return checked.detail ?? checked.code;
  // Somebody may have contributed in the folder itself, by command.
  return (await findNewestKey(desk.folder)) === newest ? null : 'another contribution has come first';
}

/** Writes a contribution as the command does: the key last, so that a crash leaves the ceremony as it was. */
async function keep(desk: CeremonyDesk, position: number, { key, attestation }: Offer): Promise<void> {
  const place = (name: string) => path.join(/* turbopackIgnore: true */ desk.folder, name);
  await writeJson(place(attestationPath(position)), attestation);
  await writeWhole(place(attestationPath(position).replace(/json$/, 'txt')), formatAttestation(attestation));
  await writeWhole(place(runningKeyPath(position)), key);
}

/** Whether this very contribution was kept before, and only the answer was lost. */
async function isInFolder(desk: CeremonyDesk, attestation: Attestation): Promise<boolean> {
  const { position } = await readNewest(desk);
  if (attestation.position > position) return false;
  const bytes = await readIfThere(path.join(/* turbopackIgnore: true */ desk.folder, attestationPath(attestation.position)));
  return bytes !== null && hashJson(JSON.parse(new TextDecoder().decode(bytes))) === hashJson(attestation);
}

async function readNewest(desk: CeremonyDesk): Promise<{ position: number; key: Uint8Array }> {
  const position = await findNewestKey(desk.folder);
  if (position === null) throw new AppError('CEREMONY_CLOSED'); // `keys` is deleted when a ceremony is over
  return { position, key: await desk.read(runningKeyPath(position)) };
}
