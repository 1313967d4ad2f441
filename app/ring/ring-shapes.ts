/** How the marks on a ring look, wherever they are drawn. Pure. */
import { ringPointAt, round } from './ring-geometry.ts';
import { mixText } from './ring-seats.ts';

/** Colours for a picture that stands alone, as a file; on a page the style sheet overrules them. */
export const PAPER = '#f6f1e7';
export const INK = '#2b2620';
export const SOFT = '#6b5d4c';
export const WAX = '#8e1f2f';
export const ASH = '#8a8074';

/** Drops of wax of radius 1, pressed by hand: no two alike, but the same ones everywhere. */
export const WAX_OUTLINES: readonly string[] = [0, 1, 2, 3].map(waxOutline);
/** The two halves of an opened seal of radius 1, before they are moved apart. */
export const LEFT_HALF = 'M0.1-1A1 1 0 1 0 0.1 1L-0.12 0.55L0.16 0.2L-0.14-0.2L0.14-0.55Z';
export const RIGHT_HALF = 'M0.14-1A1 1 0 0 1 0.14 1L-0.08 0.55L0.2 0.2L-0.1-0.2L0.18-0.55Z';

/** Which drop a seal is and how far it is turned, in degrees: always the same in the same seat. */
export function pressSeal(seat: string): { shape: number; turn: number } {
  const mix = mixText(seat, 7);
  return { shape: mix % WAX_OUTLINES.length, turn: (mix >>> 4) % 360 };
}

function waxOutline(shape: number): string {
  const corners = 8;
  const radii = Array.from({ length: corners }, (_, i) => 0.95 + (mixText(`wax ${shape} ${i}`) % 1000) / 7500);
  const at = (i: number) => ringPointAt(radii[(i + corners) % corners]! * 100, ((i % corners) * 2 * Math.PI) / corners);
  let path = `M${round(at(0).x / 100)} ${round(at(0).y / 100)}`;
  for (let i = 0; i < corners; i++) {
    const [before, from, to, after] = [at(i - 1 + corners), at(i), at(i + 1), at(i + 2)];
    const c1 = { x: from.x + (to.x - before.x) / 6, y: from.y + (to.y - before.y) / 6 };
    const c2 = { x: to.x - (after.x - from.x) / 6, y: to.y - (after.y - from.y) / 6 };
    path += `C${[c1, c2, to].map((p) => `${round(p.x / 100)} ${round(p.y / 100)}`).join(' ')}`;
  }
  return `${path}Z`;
}
