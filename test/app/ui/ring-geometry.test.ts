import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceRings, frameAround, layOutSeals, type Point, type Seat } from '#app/ui/ring-geometry.ts';
import type { RingSeal } from '#app/ui/ring-seats.ts';

const makeSeals = (count: number, from = 0): RingSeal[] =>
  Array.from({ length: count }, (_, i) => ({ nullifier: String((from + i) * 7919) }));
const inGroup = (seals: RingSeal[], group: string) => seals.map((seal) => ({ ...seal, group }));

function closest(points: readonly Point[]): number {
  let least = Number.POSITIVE_INFINITY;
  points.forEach((a, i) => {
    for (const b of points.slice(i + 1)) least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y));
  });
  return least;
}
const distances = (seats: readonly Seat[]) => new Set(seats.map((seat) => Math.round(Math.hypot(seat.x, seat.y))));
const filled = (seats: readonly Seat[]) => seats.filter((seat) => seat.nullifier !== null).length;

describe('a sealed ring', () => {
  it('has a seat for each signature needed, and a seal in as many as have signed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(400), (needed, signed) => {
        const { seats, extras } = layOutSeals(needed, makeSeals(signed));
        expect(seats).toHaveLength(needed);
        expect(filled(seats)).toBe(Math.min(needed, signed));
        expect(extras).toHaveLength(Math.max(0, signed - needed));
      }),
      { numRuns: 60 },
    );
  });

  it('never lets two marks touch, however many there are', () => {
    for (const [needed, signed] of [
      [1, 0],
      [3, 5],
      [24, 40],
      [70, 70],
      [71, 200],
      [200, 20],
      [500, 720],
    ] as const) {
      const layout = layOutSeals(needed, makeSeals(signed));
      expect(closest([...layout.seats, ...layout.extras]), `${needed}`).toBeGreaterThan(2 * layout.markRadius);
    }
  });

  it('is the same picture for the same signatures in any order', () => {
    const seals = makeSeals(30);
    expect(layOutSeals(24, [...seals].reverse())).toEqual(layOutSeals(24, seals));
  });

  it('stands in one ring up to 70 seats and in balanced rings beyond', () => {
    expect(distances(layOutSeals(70, []).seats).size).toBe(1);
    expect(distances(layOutSeals(71, []).seats).size).toBe(2);
    for (const count of [71, 100, 149, 400, 720]) {
      const pitches = balanceRings(count, 167.2).map((ring) => (2 * Math.PI * ring.radius) / ring.count);
      expect(Math.max(...pitches) / Math.min(...pitches), `${count}`).toBeLessThan(1.05);
    }
  });

  it('draws at most 720 marks and says what one stands for', () => {
    const layout = layOutSeals(10_000, makeSeals(9_999));
    expect(layout.per).toBe(14);
    expect(layout.seats.length).toBeLessThanOrEqual(720);
    expect(filled(layout.seats)).toBe(layout.seats.length - 1);
  });
});

describe('a ring with groups', () => {
  const groups = [
    { id: 'a', label: 'A', needed: 5, count: 7 },
    { id: 'b', label: 'B', needed: 3, count: 1 },
  ];

  it('seats a group in its own arc first, then in the open arc', () => {
    const { seats, arcs, extras } = layOutSeals(12, [...inGroup(makeSeals(7), 'a'), ...inGroup(makeSeals(1, 50), 'b')], groups);
    const within = (id: string) => {
      const arc = arcs.find((one) => one.id === id)!;
      return seats.filter((seat) => seat.angle > arc.start && seat.angle < arc.end);
    };
    expect(within('a')).toHaveLength(5);
    expect(filled(within('a'))).toBe(5);
    expect(within('b')).toHaveLength(3);
    expect(filled(within('b'))).toBe(1);
    expect(filled(seats)).toBe(8);
    expect(extras).toHaveLength(0);
  });

  it('keeps its arcs apart and the marks at the distance that seals have', () => {
    const layout = layOutSeals(8, inGroup(makeSeals(20), 'a'), groups);
    expect(layout.arcs[1]!.start).toBeGreaterThan(layout.arcs[0]!.end);
    expect(closest([...layout.seats, ...layout.extras])).toBeGreaterThan(2 * layout.markRadius);
    expect(layout.extras).toHaveLength(15);
  });

  it('has a seat for every group even where the groups need more than the total', () => {
    expect(layOutSeals(4, [], groups).seats).toHaveLength(8);
  });
});

describe('the frame', () => {
  it('holds every point with its margin and has the centre in the middle of the line', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) }), { minLength: 1 }),
        (points) => {
          const frame = frameAround(points, 6);
          expect(frame.x * -2).toBe(frame.width);
          for (const point of points) {
            expect(point.x - 6).toBeGreaterThanOrEqual(frame.x);
            expect(point.x + 6).toBeLessThanOrEqual(frame.x + frame.width);
            expect(point.y - 6).toBeGreaterThanOrEqual(frame.y);
            expect(point.y + 6).toBeLessThanOrEqual(frame.y + frame.height);
          }
        },
      ),
    );
  });
});
