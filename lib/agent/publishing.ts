// When a roll comes out, and how far it may grow while nobody looks
import { findGroup, type Issuer } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** Unattended a roll takes in at most a third of what the last one held; the first, and a larger one, need a person. */
export function mostUnattended(issuer: Issuer, group: Hex32): number {
  return Math.floor((findGroup(issuer, group).lastRoll?.size ?? 0) / 3);
}

/** Whether a multiple of the interval lies between the last look and now: turns come at times that nobody's arrival has to do with. */
export function isTurn(lastTurn: number, now: number, intervalSeconds: number): boolean {
  return Math.floor(now / intervalSeconds) > Math.floor(lastTurn / intervalSeconds);
}
