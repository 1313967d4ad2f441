import { describe, expect, it } from 'vitest';
import { estimateEms, layOutAround, layOutNames, layOutStrokes, type PlacedName, shortenText } from '#app/ring/ring-names.ts';
import { stripDirections } from '#lib/protocol/messages/visible-text.ts';

const FIRST = ['Amara', 'José', 'Ольга', 'Γιώργος', 'محمد', '花子', 'Wm. M.', 'Đỗ'];
const makeNames = (count: number, suffix = '') =>
  Array.from({ length: count }, (_, i) => ({
    seat: String((i + 1) * 104_729),
    name: `${FIRST[i % FIRST.length]} ${'Oko'.repeat(1 + (i % 5))}${suffix}`,
  }));

/** The least distance between the lines on which two names of one ring stand, measured where both begin. */
function leastGap(names: readonly PlacedName[]): number {
  let least = Number.POSITIVE_INFINITY;
  names.forEach((a, i) => {
    for (const b of names.slice(i + 1)) {
      if (Math.min(a.to, b.to) <= Math.max(a.from, b.from)) continue;
      const turn = Math.abs(Math.atan2(Math.sin(a.angle - b.angle), Math.cos(a.angle - b.angle)));
      if (turn < Math.PI / 2) least = Math.min(least, Math.max(a.from, b.from) * Math.sin(turn));
    }
  });
  return least;
}

describe('names around the circle', () => {
  it('stand clear of each other, from 2 to 200, short or long', () => {
    for (const count of [2, 9, 24, 40, 70, 71, 100, 141, 200]) {
      for (const suffix of ['', ', Professor of International and Comparative Constitutional Law']) {
        const { names, fontSize } = layOutNames(makeNames(count, suffix), 15);
        expect(names).toHaveLength(count);
        expect(leastGap(names), `${count}${suffix}`).toBeGreaterThanOrEqual(fontSize * 1.1);
      }
    }
  });

  it('are upright on both halves', () => {
    for (const name of layOutNames(makeNames(60)).names) {
      expect(Math.abs(name.turn)).toBeLessThanOrEqual(90);
      expect(name.anchor).toBe(Math.cos(name.angle) < -1e-9 ? 'end' : 'start');
    }
  });

  it('stay within the outer radius and outside the inner one', () => {
    for (const count of [1, 24, 130]) {
      const { names, innerRadius, outerRadius } = layOutNames(makeNames(count, ' of the Northern Districts Teachers Union'), 15);
      for (const name of names) {
        expect(name.from).toBeGreaterThanOrEqual(innerRadius + 15 - 0.01);
        expect(name.to).toBeLessThanOrEqual(outerRadius + 0.01);
      }
    }
  });

  it('form rings of equal size beyond 70, without stragglers', () => {
    for (const count of [71, 100, 141, 200]) {
      const sizes = new Map<number, number>();
      for (const name of layOutNames(makeNames(count)).names) sizes.set(name.from, (sizes.get(name.from) ?? 0) + 1);
      expect(sizes.size).toBe(Math.ceil(count / 70));
      expect(Math.max(...sizes.values()) - Math.min(...sizes.values())).toBeLessThanOrEqual(1);
    }
  });

  it('are in the same places whatever order they come in', () => {
    const names = makeNames(90);
    expect(layOutNames([...names].reverse())).toEqual(layOutNames(names));
  });

  it('set only Latin, Cyrillic and Greek in italics', () => {
    const italic = (name: string) => layOutNames([{ seat: '1', name }]).names[0]!.italic;
    expect([italic('José O’Neil'), italic('Ольга'), italic('Γιώργος'), italic('محمد'), italic('花子'), italic('נעמה')]).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('a name that is too long', () => {
  it('is cut at a whole character and ends with …', () => {
    const cut = shortenText('नमस्ते दुनिया के सभी लोग', 5);
    expect(cut.endsWith('…')).toBe(true);
    expect(estimateEms(cut)).toBeLessThanOrEqual(5);
    expect('नमस्ते दुनिया के सभी लोग'.startsWith(cut.slice(0, -1))).toBe(true);
    expect(shortenText('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 7)).toMatch(/^(👩‍👩‍👧‍👦)*…$/u);
  });

  it('is left alone where it fits', () => {
    expect(shortenText('Ruth', 20)).toBe('Ruth');
  });

  it('loses direction controls, which could rearrange its neighbours, and nothing else', () => {
    expect(stripDirections('a\u202eb\u2069c\u200fd é 👩‍👧')).toBe('abcd é 👩‍👧');
  });
});

describe('more names than a ring can hold', () => {
  it('become strokes, one each up to 720', () => {
    expect(layOutStrokes(makeNames(535))).toMatchObject({ per: 1, strokes: { length: 535 } });
    const many = layOutStrokes(makeNames(5000));
    expect(many.per).toBe(7);
    expect(many.strokes.length).toBe(Math.ceil(5000 / 7));
  });
});

describe('trustees around the ring', () => {
  it('keep their order, and none stands on its head', () => {
    for (let count = 2; count <= 16; count++) {
      const placed = layOutAround(
        Array.from({ length: count }, (_, i) => `Trustee ${i}`),
        130,
        13,
      );
      expect(placed.map((name) => name.text)).toEqual(Array.from({ length: count }, (_, i) => `Trustee ${i}`));
      for (const name of placed) expect(Math.abs(name.turn)).toBeLessThanOrEqual(90);
      expect(leastGap(placed)).toBeGreaterThan(13);
    }
  });
});
