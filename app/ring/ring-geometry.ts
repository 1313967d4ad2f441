/** Where everything on a ring of seals lies. Pure: numbers in, numbers out, in the units of the SVG's viewBox; the centre is 0, 0. */
import { countMarks, shareOut, takeSeats } from './ring-seats.ts';

export interface RingPoint {
  x: number;
  y: number;
}

/** A seat on the ring; those on the further rings are always taken. `id` names it, whoever takes it. */
export interface Seat extends RingPoint {
  id: string;
  angle: number;
  isTaken: boolean;
}

export interface RingGroup {
  id: string;
  label: string;
  /** How many the condition asks of it; null where it counts this group only together with others, so that it has no seats of its own. */
  needed: number | null;
  count: number;
}

/** The stretch of the ring that belongs to one group of the trigger; angles in radians, clockwise from the right. */
export interface GroupArc extends RingGroup {
  start: number;
  end: number;
}

export interface SealLayout {
  seats: Seat[];
  extras: Seat[];
  arcs: GroupArc[];
  markRadius: number;
  innerRadius: number;
  outerRadius: number;
  /** How many signatures one mark stands for; 1 until there are more than MAX_MARKS. */
  per: number;
}

export const TOP = -Math.PI / 2;
/** Up to this many seats or names stand in a single ring. */
export const ONE_RING = 70;
const MAX_MARKS = 720;
const PITCH = 15;
const RING_GAP = 18;
const SMALLEST_RADIUS = 104;
const ARC_GAP = 0.13;

/** Rounded to hundredths, so that server and browser print the same attribute. */
export function round(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

/** The point at `angle` (radians, clockwise from the right) on the circle of this radius. */
export function ringPointAt(radius: number, angle: number): RingPoint {
  return { x: round(radius * Math.cos(angle)), y: round(radius * Math.sin(angle)) };
}

/** The fewest concentric radii from `first` on whose circles hold `count` marks, and how many each takes: in proportion, so no ring straggles. */
export function balanceRings(
  count: number,
  first: number,
  pitch = PITCH,
  gap = RING_GAP,
  usable = 2 * Math.PI,
): { radius: number; count: number }[] {
  const radii: number[] = [];
  for (let room = 0; room < count || radii.length === 0; ) {
    const radius = first + radii.length * gap;
    radii.push(radius);
    room += Math.floor((usable * radius) / pitch + 1e-9);
  }
  const parts = shareOut(count, radii);
  return radii.map((radius, ring) => ({ radius, count: parts[ring]! })).filter((ring) => ring.count > 0);
}

/** What a sealed ring shows. `needed` is the least number of signatures that fires the trigger, at least 1; `live` all that are there. */
export interface SealCounts {
  /** The id of the statement, from which the order of the seats follows. */
  statement: string;
  needed: number;
  live: number;
  groups?: readonly RingGroup[] | undefined;
}

/**
 * Lays out a sealed ring: one seat for each signature the trigger needs, taken by counts alone; a group's seals sit in its own
 * arc first; whatever is left over stands in the open arc and, past `needed`, on further rings.
 */
export function layOutSeals({ statement, needed, live, groups = [] }: SealCounts): SealLayout {
  const inGroups = groups.reduce((sum, group) => sum + seatsOf(group), 0);
  const total = Math.max(needed, inGroups, 1);
  const per = Math.ceil(Math.max(total, live) / MAX_MARKS);
  const wanted = [...groups.map(seatsOf), total - inGroups].map((count) => Math.ceil(count / per));
  const arcs = wanted.filter((count) => count > 0).length;
  const gapAngle = arcs > 1 ? Math.min(ARC_GAP, 1.6 / arcs) : 0;
  const usable = 2 * Math.PI - arcs * gapAngle;
  const count = wanted.reduce((a, b) => a + b, 0);

  const first = Math.max(SMALLEST_RADIUS, (Math.min(count, ONE_RING) * PITCH) / usable);
  const rings = balanceRings(count, first, PITCH, RING_GAP, usable);
  const closest = rings.reduce(
    (least, ring) => Math.min(least, (usable * ring.radius) / ring.count),
    rings.length > 1 ? RING_GAP : Number.POSITIVE_INFINITY,
  );
  const markRadius = round(Math.min(13, Math.max(5.6, closest * 0.36)));

  const { bySlot, rest } = dealSeals(live, groups, wanted, total, per);
  const seats: Seat[] = [];
  const groupArcs: GroupArc[] = [];
  let start = TOP + gapAngle / 2;
  wanted.forEach((slotCount, slot) => {
    if (slotCount === 0) return;
    const span = (usable * slotCount) / count;
    const radii = rings.map((ring) => ring.radius);
    const group = groups[slot]?.id ?? '';
    for (const seat of seatArc({ start, span }, radii, group, takeSeats(statement, group, slotCount, bySlot[slot]!))) seats.push(seat);
    const arcOf = groups[slot];
    if (arcOf) groupArcs.push({ ...arcOf, start, end: start + span });
    start += span + gapAngle;
  });

  const outermost = rings.at(-1)!.radius;
  const extras = seatExtras(statement, rest, outermost + Math.max(RING_GAP, markRadius * 2 + 6), Math.max(PITCH, markRadius * 2 + 3));
  const reach = extras.reduce((most, seat) => Math.max(most, Math.hypot(seat.x, seat.y)), outermost);
  return {
    seats,
    extras,
    arcs: groupArcs,
    markRadius,
    innerRadius: round(first - markRadius),
    outerRadius: round(reach + markRadius),
    per,
  };
}

/** A group that is not asked for by itself takes as many seats as it has signatures. */
function seatsOf({ needed, count }: RingGroup): number {
  return needed ?? count;
}

/** How many marks go to each group's arc, to the last (open) slot, and as `rest` to the further rings. */
function dealSeals(live: number, groups: readonly RingGroup[], wanted: readonly number[], total: number, per: number) {
  const marks = groups.map((group) => countMarks(group.count, seatsOf(group), per));
  const inArcs = marks.map((count, slot) => Math.min(count, wanted[slot]!));
  const loose = live - groups.reduce((sum, group) => sum + group.count, 0);
  const looseMarks = groups.length === 0 ? countMarks(loose, total, per) : Math.ceil(loose / per);
  const left = marks.reduce((sum, count, slot) => sum + count - inArcs[slot]!, 0) + looseMarks;
  const inOpen = Math.min(left, wanted[groups.length]!);
  return { bySlot: [...inArcs, inOpen], rest: left - inOpen };
}

function seatArc(
  { start, span }: { start: number; span: number },
  radii: readonly number[],
  group: string,
  taken: readonly boolean[],
): Seat[] {
  const seats: Seat[] = [];
  shareOut(taken.length, radii).forEach((onRing, ring) => {
    for (let i = 0; i < onRing; i++) {
      const angle = start + ((i + 0.5) * span) / onRing;
      seats.push({ id: `${group}/${seats.length}`, ...ringPointAt(radii[ring]!, angle), angle, isTaken: taken[seats.length]! });
    }
  });
  return seats;
}

/** Further rings have no empty seats to show, only room. */
function seatExtras(statement: string, count: number, first: number, pitch: number): Seat[] {
  const places: Seat[] = [];
  for (let ring = 0; places.length < count; ring++) {
    const radius = first + ring * (pitch + 3);
    const room = Math.floor((2 * Math.PI * radius) / pitch);
    for (let i = 0; i < room; i++) {
      const angle = TOP + ((i + 0.5) * 2 * Math.PI) / room;
      places.push({ id: `beyond/${places.length}`, ...ringPointAt(radius, angle), angle, isTaken: true });
    }
  }
  const taken = takeSeats(statement, 'beyond', places.length, count);
  return places.filter((_, i) => taken[i]);
}

/** The part of the plane that an SVG shows. */
export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The smallest frame around these points that has the centre halfway between its sides, so that the ring stands in the middle of the line. */
export function frameAround(points: readonly RingPoint[], margin: number): Frame {
  let [half, top, bottom] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { x, y } of points) {
    half = Math.max(half, Math.abs(x));
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  [half, top, bottom] = [half + margin, top - margin, bottom + margin];
  return { x: -Math.ceil(half), y: Math.floor(top), width: 2 * Math.ceil(half), height: Math.ceil(bottom) - Math.floor(top) };
}

/** The four outermost points of a circle around the centre, for frameAround. */
export function extremesOf(radius: number): RingPoint[] {
  return [ringPointAt(radius, 0), ringPointAt(radius, Math.PI / 2), ringPointAt(radius, Math.PI), ringPointAt(radius, TOP)];
}
