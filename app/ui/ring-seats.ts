/** Which seat a seal takes. Pure; the same set of nullifiers always gives the same picture, in whatever order they came. */

/** A mark on the ring as pages know it: who it is stays unknown, `group` only where the trigger counts groups apart. */
export interface RingSeal {
  nullifier: string;
  group?: string;
}

/** Mixes text to 32 bits so that near nullifiers land far apart. For pictures only: nothing secret or binding rests on it. */
export function mixText(text: string, salt = 0): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A copy sorted by mixed nullifier, ties by the text itself: an order that says nothing about who came first. */
export function orderByMix<T extends { nullifier: string }>(seals: readonly T[]): T[] {
  const keyed = seals.map((seal) => ({ seal, mix: mixText(seal.nullifier) }));
  keyed.sort((a, b) => a.mix - b.mix || (a.seal.nullifier < b.seal.nullifier ? -1 : a.seal.nullifier > b.seal.nullifier ? 1 : 0));
  return keyed.map(({ seal }) => seal);
}

/**
 * Seats every nullifier: its home is mix mod seatCount, a taken home passes on to the next free seat, in mixed order. One more
 * nullifier therefore fills exactly one more seat and empties none (linear probing has this property for any order).
 * @returns nullifier by seat index, null where the seat is free
 * @throws RangeError with more nullifiers than seats
 */
export function assignSeats(nullifiers: readonly string[], seatCount: number): (string | null)[] {
  if (nullifiers.length > seatCount) throw new RangeError(`${nullifiers.length} seals do not fit ${seatCount} seats`);
  const seats: (string | null)[] = new Array(seatCount).fill(null);
  for (const { nullifier } of orderByMix(nullifiers.map((text) => ({ nullifier: text })))) {
    let seat = mixText(nullifier, 0x5ea75) % seatCount;
    while (seats[seat] !== null) seat = (seat + 1) % seatCount;
    seats[seat] = nullifier;
  }
  return seats;
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
 * When there are too many to draw, one mark stands for `per` signatures. Never looks full before `needed` is reached, never
 * empty once somebody has signed.
 * @returns the nullifiers that lend their seats to the marks
 */
export function thinSeals(seals: readonly RingSeal[], needed: number, per: number): RingSeal[] {
  const ordered = orderByMix(seals);
  if (per === 1) return ordered;
  const seats = Math.max(1, Math.ceil(needed / per));
  const marks =
    seals.length >= needed
      ? seats + Math.floor((seals.length - needed) / per)
      : Math.min(seats - 1, Math.max(Math.floor(seals.length / per), Math.min(1, seals.length)));
  return ordered.slice(0, Math.max(0, marks));
}
