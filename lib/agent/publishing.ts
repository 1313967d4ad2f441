// How far a roll may grow while nobody looks
import { findGroup, type Issuer } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** Unattended a roll takes in at most a third of what the last one held; the first, and a larger one, need a person. */
export function mostUnattended(issuer: Issuer, group: Hex32): number {
  return Math.floor((findGroup(issuer, group).lastRoll?.size ?? 0) / 3);
}
