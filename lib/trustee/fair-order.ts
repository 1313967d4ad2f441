import type { OpenedBy } from '#lib/protocol/permit/group-policy.ts';

/**
 * The order in which things of several groups have their turn: groups alternate, and in each of them those come first that have waited
 * longest. So what floods one group delays another's by one turn at a time.
 * @param groupOf whom a thing belongs to
 * @param lastOf when it had its turn, in any unit; of equals the first stays first
 */
export function fairOrder<T>(things: Iterable<T>, groupOf: (thing: T) => string, lastOf: (thing: T) => number): T[] {
  const lines = [...Map.groupBy(things, groupOf).values()].map((line) => line.sort((a, b) => lastOf(a) - lastOf(b)));
  lines.sort((a, b) => lastOf(a[0] as T) - lastOf(b[0] as T));
  const longest = lines.reduce((most, line) => Math.max(most, line.length), 0);
  return Array.from({ length: longest }, (_, turn) => lines.flatMap((line) => line.slice(turn, turn + 1))).flat();
}

/** The line in which a new statement waits: those that members of a group have opened, or the accounts of its issuer. */
export function lineOf({ by, group }: OpenedBy): string {
  return `${by} ${group}`;
}
