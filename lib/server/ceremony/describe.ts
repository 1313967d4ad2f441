import 'server-only';
import path from 'node:path';
import type { CeremonyView } from '#lib/api/ceremony-shapes.ts';
import { type Attestation, parseAttestation } from '#lib/ceremony/attestation.ts';
import { describeBeaconPlan } from '#lib/ceremony/beacon.ts';
import { findNewestKey, readIfThere } from '#lib/ceremony/disk.ts';
import { attestationPath } from '#lib/ceremony/transcript.ts';
import type { Context } from '../context.ts';
import { isClosed, requireDesk } from './desk.ts';
import type { CeremonyDesk } from './open-desk.ts';
import { countStanding } from './queue.ts';

/** What a ceremony is about, how far it has come, and whether it takes contributions. */
export async function describeCeremony(ctx: Context): Promise<CeremonyView> {
  const desk = requireDesk(ctx);
  const { title, setup, circuit, beacon } = desk.description;
  const newest = (await findNewestKey(desk.folder)) ?? 0;
  const contributions = [];
  for (let position = 1; position <= newest; position++) {
    const attestation = await readAttestation(desk, position);
    if (!attestation) break;
    const { name, contribution, time, key } = attestation;
    contributions.push({ position, name, hash: contribution, time, key });
  }
  return {
    ceremony: desk.id,
    title,
    setup,
    constraints: circuit.constraints,
    beacon: describeBeaconPlan(beacon),
    contributions,
    standing: await countStanding(ctx, desk),
    isClosed: await isClosed(ctx, desk),
  };
}

/** Of a contribution that the ceremony has: its signature is checked once. */
async function readAttestation(desk: CeremonyDesk, position: number): Promise<Attestation | null> {
  const known = desk.known.get(position);
  if (known) return known;
  const bytes = await readIfThere(path.join(/* turbopackIgnore: true */ desk.folder, attestationPath(position)));
  if (!bytes) return null;
  const parsed = parseAttestation(JSON.parse(new TextDecoder().decode(bytes)));
  if (!parsed.ok) return null;
  desk.known.set(position, parsed.value);
  return parsed.value;
}
