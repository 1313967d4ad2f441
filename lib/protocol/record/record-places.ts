// SPEC §12.2, step 5: where in a checkpoint's list an entry stands
import type { Hex32 } from '../messages/hash.ts';

/** Finds hashes in a list in constant time each, as long as they are looked for from places that only rise. */
export class PlacesInList {
  /** The first place of each hash that is not behind what was looked for last; -1 when it has none left. */
  private readonly first = new Map<Hex32, number>();
  /** For each place the next one of the same hash, or -1. */
  private readonly next: Int32Array;

  constructor(list: readonly Hex32[]) {
    this.next = new Int32Array(list.length);
    for (let place = list.length - 1; place >= 0; place--) {
      const hash = list[place] as Hex32;
      this.next[place] = this.first.get(hash) ?? -1;
      this.first.set(hash, place);
    }
  }

  has(hash: Hex32): boolean {
    return this.first.has(hash);
  }

  /** The first place of the hash at or after `from`, which must not be smaller than at the call before; null when there is none. */
  find(hash: Hex32, from: number): number | null {
    let place = this.first.get(hash);
    if (place === undefined) return null;
    while (place >= 0 && place < from) place = this.next[place] as number;
    this.first.set(hash, place);
    return place >= 0 ? place : null;
  }
}
