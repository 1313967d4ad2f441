import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceRings, frameAround, layOutSeals, type RingGroup, type RingPoint, type Seat } from '#app/ring/ring-geometry.ts';

const STATEMENT = 'ab'.repeat(32);
const layOut = (needed: number, live: number, groups?: RingGroup[]) => layOutSeals({ statement: STATEMENT, needed, live, groups });

function closest(points: readonly RingPoint[]): number {
  let least = Number.POSITIVE_INFINITY;
  points.forEach((a, i) => {
    for (const b of points.slice(i + 1)) least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y));
  });
  return least;
}
const distances = (seats: readonly Seat[]) => new Set(seats.map((seat) => Math.round(Math.hypot(seat.x, seat.y))));
const filled = (seats: readonly Seat[]) => seats.filter((seat) => seat.isTaken).length;

describe('a sealed ring', () => {
  it('has a seat for each signature needed, and a seal in as many as have signed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(400), (needed, signed) => {
        const { seats, extras } = layOut(needed, signed);
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
      const layout = layOut(needed, signed);
      expect(closest([...layout.seats, ...layout.extras]), `${needed}`).toBeGreaterThan(2 * layout.markRadius);
    }
  });

  it('is the same picture for the same count, whoever has signed', () => {
    expect(layOut(24, 30)).toEqual(layOut(24, 30));
  });

  it('stands in one ring up to 70 seats and in balanced rings beyond', () => {
    expect(distances(layOut(70, 0).seats).size).toBe(1);
    expect(distances(layOut(71, 0).seats).size).toBe(2);
    for (const count of [71, 100, 149, 400, 720]) {
      const pitches = balanceRings(count, 167.2).map((ring) => (2 * Math.PI * ring.radius) / ring.count);
      expect(Math.max(...pitches) / Math.min(...pitches), `${count}`).toBeLessThan(1.05);
    }
  });

  it('draws at most 720 marks and says what one stands for', () => {
    const layout = layOut(10_000, 9_999);
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
    const { seats, arcs, extras } = layOut(12, 8, groups);
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

  it('gives a group that is not asked for by itself as many seats as it has signatures, all of them taken, and none while it has none', () => {
    const own = { id: 'c', label: 'C', needed: null };
    const layout = layOut(12, 11, [...groups, { ...own, count: 3 }]);
    const arc = layout.arcs[2]!;
    expect(layout.seats).toHaveLength(12);
    expect(layout.seats.filter(({ angle }) => angle > arc.start && angle < arc.end).map(({ isTaken }) => isTaken)).toEqual([
      true,
      true,
      true,
    ]);
    expect(filled(layout.seats) + layout.extras.length).toBe(11);
    expect(layOut(12, 8, [...groups, { ...own, count: 0 }]).arcs).toHaveLength(2);
  });

  it('keeps its arcs apart and the marks at the distance that seals have', () => {
    const layout = layOut(8, 20, [{ ...groups[0]!, count: 19 }, groups[1]!]);
    expect(layout.arcs[1]!.start).toBeGreaterThan(layout.arcs[0]!.end);
    expect(closest([...layout.seats, ...layout.extras])).toBeGreaterThan(2 * layout.markRadius);
    expect(layout.extras).toHaveLength(14);
  });

  it('has a seat for every group even where the groups need more than the total', () => {
    expect(layOut(4, 0, groups).seats).toHaveLength(8);
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
