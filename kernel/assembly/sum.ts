// Sums of scalar · point (Pippenger): scalars in signed windows, the points of a bucket added up in trees, the buckets folded.
import { addPoints, jobBytes, setJob } from './batch';
import { copyTurned } from './digits';
import { combineBits } from './horner';
import { copyLane } from './lanes';
import { allocate, mark, release } from './memory';
import { isInfinity, pointSize } from './points';
import { bits, cut, digitOf, entriesOf, half, windows } from './windows';

/** This many entries of buckets are worked on at once: what that takes stays in the cache of a core. */
const ENTRIES_AT_ONCE: u32 = 1 << 15;

/**
 * The sum of `count` scalars · points, as X, Y and Z below p, 32 bytes a component, little-endian; infinity has Z = 0.
 * Points as `importPoints` leaves them; scalars of 32 bytes below r.
 */
export function sumPoints(degree: i32, points: usize, scalars: usize, count: usize, into: usize): void {
  const start = mark();
  cut(scalars, count, markInfinities(degree, points, count));
  const rows = allocate(windows * half * 4); // pointers to the sums of buckets, 0 where there is none
  const buckets = allocate(windows * half * pointSize(degree));
  let first: usize = 0;
  while (first < windows) first = fillBuckets(degree, points, count, first, rows, buckets);
  const heads = allocate(windows * <usize>bits * 4);
  fold(degree, rows, heads);
  combineBits(degree, heads, windows * <usize>bits, into);
  release(start);
}

/** A byte for each point, 1 where it is infinite. */
function markInfinities(degree: i32, points: usize, count: usize): usize {
  const marks = allocate(count);
  for (let i: usize = 0; i < count; i++) store<u8>(marks + i, isInfinity(degree, points + i * pointSize(degree)) ? 1 : 0);
  return marks;
}

/** Sorts the points of some windows into buckets and adds these up. Returns the window that comes next. */
function fillBuckets(degree: i32, points: usize, count: usize, first: usize, rows: usize, buckets: usize): usize {
  const start = mark();
  let next = first;
  let entries: u32 = 0;
  do entries += entriesOf(next++);
  while (next < windows && entries + entriesOf(next) <= ENTRIES_AT_ONCE);
  const segments = (next - first) * half;
  const counts = allocate(segments * 4);
  const list = allocate(<usize>entries * 4);
  sortEntries(degree, points, count, first, next, counts, list);
  reduceSegments(degree, list, counts, segments, entries);
  const size = pointSize(degree);
  let read = list;
  for (let segment: usize = 0; segment < segments; segment++) {
    const place = first * half + segment;
    const row = rows + (place << 2);
    store<u32>(row, 0);
    if (load<u32>(counts + (segment << 2)) === 0) continue;
    copyPoint(degree, load<u32>(read), buckets + place * size);
    read += 4;
    if (!isInfinity(degree, buckets + place * size)) store<u32>(row, <u32>(buckets + place * size));
  }
  release(start);
  return next;
}

/** Counting sort: how many points each bucket has, and pointers to them, bucket by bucket, with bit 0 for a negative digit. */
function sortEntries(degree: i32, points: usize, count: usize, first: usize, next: usize, counts: usize, list: usize): void {
  const start = mark();
  const segments = (next - first) * half;
  const places = allocate(segments * 4);
  memory.fill(counts, 0, segments * 4);
  for (let window = first; window < next; window++) {
    const base = counts + (((window - first) * half) << 2);
    for (let i: usize = 0; i < count; i++) {
      const digit = digitOf(window, i);
      if (digit === 0) continue;
      const place = base + ((<usize>(abs<i32>(digit) - 1)) << 2);
      store<u32>(place, load<u32>(place) + 1);
    }
  }
  let sum: u32 = 0;
  for (let segment: usize = 0; segment < segments; segment++) {
    store<u32>(places + (segment << 2), sum);
    sum += load<u32>(counts + (segment << 2));
  }
  const size = pointSize(degree);
  for (let window = first; window < next; window++) {
    const base = places + (((window - first) * half) << 2);
    for (let i: usize = 0; i < count; i++) {
      const digit = digitOf(window, i);
      if (digit === 0) continue;
      const place = base + ((<usize>(abs<i32>(digit) - 1)) << 2);
      const at = load<u32>(place);
      store<u32>(place, at + 1);
      store<u32>(list + ((<usize>at) << 2), <u32>(points + i * size) | (digit < 0 ? 1 : 0));
    }
  }
  release(start);
}

/**
 * Adds up the points of each segment, in pairs, all segments at once, until each has one. `list` holds pointers, segment by segment,
 * and afterwards one for each segment whose count is 1; a count of 0 has none. The sums stay in memory that the caller releases.
 */
function reduceSegments(degree: i32, list: usize, counts: usize, segments: usize, entries: usize): void {
  const size = pointSize(degree);
  let place = allocate(entries * size);
  const jobs = allocate(jobBytes(entries >> 1));
  let open: bool;
  do {
    let made: usize = 0;
    open = false;
    let read = list;
    let write = list;
    for (let segment: usize = 0; segment < segments; segment++) {
      const counter = counts + (segment << 2);
      let left = load<u32>(counter);
      const from = write;
      while (left > 1) {
        const p = load<u32>(read),
          q = load<u32>(read, 4);
        read += 8;
        left -= 2;
        const pInfinite = isInfinity(degree, p & ~1),
          qInfinite = isInfinity(degree, q & ~1);
        if (pInfinite && qInfinite) continue;
        if (pInfinite || qInfinite) store<u32>(write, pInfinite ? q : p);
        else {
          setJob(jobs, made++, p, q, place);
          store<u32>(write, <u32>place);
          place += size;
        }
        write += 4;
      }
      if (left === 1) {
        store<u32>(write, load<u32>(read));
        read += 4;
        write += 4;
      }
      const kept = <u32>((write - from) >> 2);
      store<u32>(counter, kept);
      if (kept > 1) open = true; // also where nothing was added, since one of a pair was infinite
    }
    addPoints(degree, jobs, made);
  } while (open);
}

/**
 * The sum of b · bucket b over a window is twice that of k · (bucket 2k + bucket 2k+1), plus the buckets of odd b. So, level by level,
 * neighbours are added, and what is odd becomes a segment: `heads` gets a pointer to the sum for each bit of the result, 0 for none.
 */
function fold(degree: i32, rows: usize, heads: usize): void {
  const size = pointSize(degree);
  const levels = <usize>bits;
  let places = allocate(windows * half * size);
  const list = allocate(windows * half * 2 * 4);
  const counts = allocate(levels * windows * 4);
  const jobs = allocate(jobBytes(windows * half));
  let write = list;
  let length = half;
  for (let level: usize = 0; level < levels; level++) {
    let made: usize = 0;
    for (let window: usize = 0; window < windows; window++) {
      const row = rows + ((window * half) << 2) - 4; // of bucket 1 on
      const from = write;
      for (let b: usize = 1; b <= length; b += 2) {
        const point = live(degree, load<u32>(row + (b << 2)));
        if (point === 0) continue;
        store<u32>(write, point);
        write += 4;
      }
      store<u32>(counts + ((level * windows + window) << 2), <u32>((write - from) >> 2));
      for (let k: usize = 1; k <= length >> 1; k++) {
        const even = live(degree, load<u32>(row + (k << 3)));
        const odd = k << 1 < length ? live(degree, load<u32>(row + (k << 3), 4)) : 0;
        let sum = even === 0 ? odd : even;
        if (even !== 0 && odd !== 0) {
          sum = <u32>places;
          setJob(jobs, made++, even, odd, places);
          places += size;
        }
        store<u32>(row + (k << 2), sum);
      }
    }
    addPoints(degree, jobs, made);
    length >>= 1;
  }
  reduceSegments(degree, list, counts, levels * windows, (write - list) >> 2);
  let read = list;
  for (let level: usize = 0; level < levels; level++) {
    for (let window: usize = 0; window < windows; window++) {
      const some = load<u32>(counts + ((level * windows + window) << 2)) !== 0;
      store<u32>(heads + ((window * levels + level) << 2), some ? live(degree, load<u32>(read)) : 0);
      if (some) read += 4;
    }
  }
}

/** A pointer, or 0 where it points to infinity. */
function live(degree: i32, pointer: u32): u32 {
  return pointer === 0 || isInfinity(degree, pointer) ? 0 : pointer;
}

/** A point with its sign as bit 0 of the pointer says. */
function copyPoint(degree: i32, pointer: u32, into: usize): void {
  const from = <usize>(pointer & ~1);
  for (let c: usize = 0; c < pointSize(degree); c += 80) {
    copyLane(from + c, into + c);
    if ((pointer & 1) !== 0) copyTurned(from + c + 8, into + c + 8);
    else copyLane(from + c + 8, into + c + 8);
  }
}
