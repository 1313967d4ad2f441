/** Which seats hold a seal. Pure; a function of the counts alone, so that the picture tells nobody who was first. */
import { hashHex } from '#lib/protocol/messages/hash.ts';

/** Mixes text to 32 bits so that near nullifiers land far apart. For pictures only: nothing secret or binding rests on it. */
export function mixText(text: string, salt = 0): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Which of the seats of an arc are taken: the first `live` in the order of H(seat, {statement, group, seat}), the same for everybody.
 * One more signature fills exactly one more seat and empties none. `group` is empty for seats that belong to no group.
 * @throws RangeError with more seals than seats
 */
export function takeSeats(statement: string, group: string, count: number, live: number): boolean[] {
  if (live > count) throw new RangeError(`${live} seals do not fit ${count} seats`);
  const order = Array.from({ length: count }, (_, seat) => ({ seat, rank: hashHex('seat', { statement, group, seat }) }));
  order.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const taken = new Array<boolean>(count).fill(false);
  for (const { seat } of order.slice(0, live)) taken[seat] = true;
  return taken;
}

/**
 * Shares `total` out over `weights` so that the parts add up and each is within one of its exact share (largest remainder).
 */
export function shareOut(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const byRemainder = exact
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  const missing = total - parts.reduce((a, b) => a + b, 0);
  for (const { index } of byRemainder.slice(0, missing)) parts[index]! += 1;
  return parts;
}

/**
 * How many marks stand for so many signatures where one stands for `per`. Never looks full before `needed` is reached, never empty once
 * somebody has signed.
 */
export function countMarks(live: number, needed: number, per: number): number {
  if (per === 1) return live;
  const seats = Math.max(1, Math.ceil(needed / per));
  if (live >= needed) return seats + Math.floor((live - needed) / per);
  return Math.min(seats - 1, Math.max(Math.floor(live / per), Math.min(1, live)));
}
