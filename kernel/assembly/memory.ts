// The memory beyond the tables: first what the generated functions take for what is in between, then what is given out from the
// bottom and taken back to a mark. Nothing is freed one by one.
import { SCRATCH } from './arithmetic';

const PAGE_BITS: usize = 16;
const START: usize = (__heap_base + 15) & ~15;
let next: usize = START + SCRATCH;
/** Nothing beyond has been given out since it was last overwritten. */
let highest: usize = next;

/** That many bytes, at a multiple of 16. Their content is whatever was there. Ends the work where there is no more memory; then nothing was given out. */
export function allocate(bytes: usize): usize {
  const place = next;
  const end = (place + bytes + 15) & ~15;
  if (end < place || end - place < bytes) unreachable(); // beyond what a pointer reaches
  reserve(end);
  next = end;
  if (next > highest) highest = next;
  return place;
}

function reserve(end: usize): void {
  const pages = <i32>((end - 1) >> PAGE_BITS) + 1 - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
}

export function mark(): usize {
  return next;
}

export function release(to: usize): void {
  next = to;
}

/** The place for what is in between, of which nothing is kept from one call of a generated function to the next. */
export function scratch(): usize {
  return START;
}

export function start(): usize {
  return START;
}

/** Overwrites all that was ever given out, and begins anew. */
export function wipe(): void {
  memory.fill(START, 0, ((<usize>memory.size()) << PAGE_BITS) - START);
  next = START + SCRATCH;
}

/** Takes back to a mark, and overwrites what was ever given out beyond it, and what is in between. */
export function erase(to: usize): void {
  memory.fill(to, 0, highest - to);
  memory.fill(START, 0, SCRATCH);
  next = to;
  highest = to;
}
