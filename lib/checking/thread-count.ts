/** How many workers beside the one that reads: all cores but the one that a page needs, and never a crowd. */
export function threadsFor(cores: number): number {
  return Math.max(1, Math.min(8, cores - 1));
}
