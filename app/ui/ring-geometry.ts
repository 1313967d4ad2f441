/** Where everything on a ring of seals lies. Pure: numbers in, numbers out, in the units of the SVG's viewBox; the centre is 0, 0. */
import { assignSeats, orderByMix, type RingSeal, shareOut, thinSeals } from './ring-seats.ts';

export interface Point {
  x: number;
  y: number;
}

/** A seat on the ring; `nullifier` is null while it is free, and always set on the further rings. */
export interface Seat extends Point {
  angle: number;
  nullifier: string | null;
}

export interface RingGroup {
  id: string;
  label: string;
  needed: number;
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
export function pointAt(radius: number, angle: number): Point {
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

/**
 * Lays out a sealed ring: one seat for each signature the trigger needs, filled from the nullifiers; a group's seals sit in its own
 * arc first; whatever is left over stands in the open arc and, past `needed`, on further rings.
 * @param needed least number of signatures that fires the trigger, at least 1
 */
export function layOutSeals(needed: number, seals: readonly RingSeal[], groups: readonly RingGroup[] = []): SealLayout {
  const inGroups = groups.reduce((sum, group) => sum + group.needed, 0);
  const total = Math.max(needed, inGroups, 1);
  const per = Math.ceil(Math.max(total, seals.length) / MAX_MARKS);
  const wanted = [...groups.map((group) => group.needed), total - inGroups].map((count) => Math.ceil(count / per));
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

  const { bySlot, rest } = dealSeals(seals, groups, wanted, total, per);
  const seats: Seat[] = [];
  const groupArcs: GroupArc[] = [];
  let start = TOP + gapAngle / 2;
  wanted.forEach((slotCount, slot) => {
    if (slotCount === 0) return;
    const span = (usable * slotCount) / count;
    const radii = rings.map((ring) => ring.radius);
    for (const seat of seatArc(slotCount, start, span, radii, bySlot[slot]!)) seats.push(seat);
    const group = groups[slot];
    if (group) groupArcs.push({ ...group, start, end: start + span });
    start += span + gapAngle;
  });

  const outermost = rings.at(-1)!.radius;
  const extras = seatExtras(rest, outermost + Math.max(RING_GAP, markRadius * 2 + 6), Math.max(PITCH, markRadius * 2 + 3));
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

/** Fills each group's arc with its own seals, the last (open) slot with what is left; `rest` goes to the further rings. */
function dealSeals(seals: readonly RingSeal[], groups: readonly RingGroup[], wanted: readonly number[], total: number, per: number) {
  const left: RingSeal[] = [];
  const bySlot: string[][] = [];
  groups.forEach((group, slot) => {
    const own = thinSeals(
      seals.filter((seal) => seal.group === group.id),
      group.needed,
      per,
    );
    bySlot.push(own.slice(0, wanted[slot]!).map((seal) => seal.nullifier));
    for (const seal of own.slice(wanted[slot]!)) left.push(seal);
  });
  const known = new Set(groups.map((group) => group.id));
  const open = wanted[groups.length]!;
  const loose = seals.filter((seal) => seal.group === undefined || !known.has(seal.group));
  const others = groups.length === 0 ? thinSeals(loose, total, per) : thinSeals(loose, loose.length, per);
  const ordered = orderByMix([...left, ...others]).map((seal) => seal.nullifier);
  bySlot.push(ordered.slice(0, open));
  return { bySlot, rest: ordered.slice(open) };
}

function seatArc(count: number, start: number, span: number, radii: readonly number[], nullifiers: readonly string[]): Seat[] {
  const taken = assignSeats(nullifiers, count);
  const seats: Seat[] = [];
  shareOut(count, radii).forEach((onRing, ring) => {
    for (let i = 0; i < onRing; i++) {
      const angle = start + ((i + 0.5) * span) / onRing;
      seats.push({ ...pointAt(radii[ring]!, angle), angle, nullifier: taken[seats.length]! });
    }
  });
  return seats;
}

/** Further rings have no empty seats to show, only room: every place on them may be taken, by nullifier as well. */
function seatExtras(nullifiers: readonly string[], first: number, pitch: number): Seat[] {
  if (nullifiers.length === 0) return [];
  const places: Seat[] = [];
  for (let ring = 0; places.length < nullifiers.length; ring++) {
    const radius = first + ring * (pitch + 3);
    const room = Math.floor((2 * Math.PI * radius) / pitch);
    for (let i = 0; i < room; i++) {
      const angle = TOP + ((i + 0.5) * 2 * Math.PI) / room;
      places.push({ ...pointAt(radius, angle), angle, nullifier: null });
    }
  }
  return assignSeats(nullifiers, places.length).flatMap((nullifier, index) =>
    nullifier === null ? [] : [{ ...places[index]!, nullifier }],
  );
}

/** The part of the plane that an SVG shows. */
export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The smallest frame around these points that has the centre halfway between its sides, so that the ring stands in the middle of the line. */
export function frameAround(points: readonly Point[], margin: number): Frame {
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
export function extremesOf(radius: number): Point[] {
  return [pointAt(radius, 0), pointAt(radius, Math.PI / 2), pointAt(radius, Math.PI), pointAt(radius, TOP)];
}
