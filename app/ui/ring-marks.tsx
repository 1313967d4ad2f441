import css from './ring.module.css';
import type { Seat } from './ring-geometry.ts';
import { pointAt, round } from './ring-geometry.ts';
import { mixText } from './ring-seats.ts';

/** Colours for a picture that stands alone, as a file; on a page the style sheet overrules them. */
export const INK = '#2b2620';
export const SOFT = '#6b5d4c';
export const WAX = '#8e1f2f';
const ASH = '#8a8074';

const SHAPES = [0, 1, 2, 3];

/** A drop of wax of radius 1: a circle that somebody pressed by hand. */
function waxOutline(shape: number): string {
  const corners = 8;
  const radii = Array.from({ length: corners }, (_, i) => 0.95 + (mixText(`wax ${shape} ${i}`) % 1000) / 7500);
  const at = (i: number) => pointAt(radii[(i + corners) % corners]! * 100, ((i % corners) * 2 * Math.PI) / corners);
  let path = `M${round(at(0).x / 100)} ${round(at(0).y / 100)}`;
  for (let i = 0; i < corners; i++) {
    const [before, from, to, after] = [at(i - 1 + corners), at(i), at(i + 1), at(i + 2)];
    const c1 = { x: from.x + (to.x - before.x) / 6, y: from.y + (to.y - before.y) / 6 };
    const c2 = { x: to.x - (after.x - from.x) / 6, y: to.y - (after.y - from.y) / 6 };
    path += `C${[c1, c2, to].map((p) => `${round(p.x / 100)} ${round(p.y / 100)}`).join(' ')}`;
  }
  return `${path}Z`;
}

/** The shapes that every mark on the ring refers to, once an SVG. `id` keeps several rings on one page apart. */
export function MarkShapes({ id }: { id: string }) {
  return (
    <defs>
      {SHAPES.map((shape) => (
        <g id={`${id}seal${shape}`} key={shape}>
          <path d={waxOutline(shape)} fill="currentColor" />
          <circle r="0.58" fill="none" stroke="#fff" strokeOpacity="0.34" strokeWidth="0.13" />
          <circle r="0.2" fill="#fff" fillOpacity="0.28" />
        </g>
      ))}
      <path id={`${id}left`} d="M0.1-1A1 1 0 1 0 0.1 1L-0.12 0.55L0.16 0.2L-0.14-0.2L0.14-0.55Z" fill="currentColor" />
      <path id={`${id}right`} d="M0.14-1A1 1 0 0 1 0.14 1L-0.08 0.55L0.2 0.2L-0.1-0.2L0.18-0.55Z" fill="currentColor" />
    </defs>
  );
}

/** A seal in its seat; pressed a little askew, always the same way for the same nullifier. */
export function SealMark({ id, seat, radius, mine }: { id: string; seat: Seat; radius: number; mine?: boolean }) {
  const mix = mixText(seat.nullifier ?? '', 7);
  return (
    <g transform={`translate(${seat.x} ${seat.y})`}>
      {mine && <circle className={css.mine} r={radius + 2.8} fill="none" stroke={INK} strokeWidth="0.8" />}
      <g className={css.seal} color={WAX}>
        <use href={`#${id}seal${mix % SHAPES.length}`} transform={`rotate(${(mix >>> 4) % 360}) scale(${radius})`} />
      </g>
    </g>
  );
}

/** A seat that nobody has taken. */
export function FreeSeat({ seat, radius }: { seat: Seat; radius: number }) {
  return (
    <circle className={css.seat} cx={seat.x} cy={seat.y} r={radius} fill="none" stroke={ASH} strokeWidth="0.9" strokeDasharray="2.1 2" />
  );
}

/** A seat whose key is gone: empty, and broken through. */
export function BrokenSeat({ seat, radius }: { seat: Seat; radius: number }) {
  const reach = round(radius * 1.45);
  return (
    <g
      className={css.broken}
      transform={`translate(${seat.x} ${seat.y}) rotate(${round((seat.angle * 180) / Math.PI)})`}
      fill="none"
      stroke={ASH}
    >
      <circle r={radius} strokeWidth="0.9" strokeDasharray="2.1 2" />
      <path d={`M${-reach} 0H${reach}`} strokeWidth="1.1" />
    </g>
  );
}

/** The two halves of an opened seal, before the name that was in it. */
export function OpenedSeal({ id, x, y, turn, radius }: { id: string; x: number; y: number; turn: number; radius: number }) {
  return (
    <g transform={`translate(${x} ${y}) rotate(${turn}) scale(${radius})`} color={WAX} className={css.opened}>
      <use className={css.leftHalf} href={`#${id}left`} transform="translate(-0.28 0) rotate(-9)" />
      <use className={css.rightHalf} href={`#${id}right`} transform="translate(0.28 0) rotate(9)" />
    </g>
  );
}
