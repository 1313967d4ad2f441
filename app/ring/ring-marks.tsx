import css from './ring.module.css';
import type { Seat } from './ring-geometry.ts';
import { round } from './ring-geometry.ts';
import { ASH, LEFT_HALF, pressSeal, RIGHT_HALF, WAX, WAX_OUTLINES } from './ring-shapes.ts';

/** The shapes that every mark on the ring refers to, once an SVG. `id` keeps several rings on one page apart. */
export function MarkShapes({ id }: { id: string }) {
  return (
    <defs>
      {WAX_OUTLINES.map((outline, shape) => (
        <g id={`${id}seal${shape}`} key={outline}>
          <path d={outline} fill="currentColor" />
          <circle r="0.58" fill="none" stroke="#fff" strokeOpacity="0.34" strokeWidth="0.13" />
          <circle r="0.2" fill="#fff" fillOpacity="0.28" />
        </g>
      ))}
      <path id={`${id}left`} d={LEFT_HALF} fill="currentColor" />
      <path id={`${id}right`} d={RIGHT_HALF} fill="currentColor" />
    </defs>
  );
}

/** A seal in its seat; pressed a little askew, always the same way in the same seat. */
export function SealMark({ id, seat, radius }: { id: string; seat: Seat; radius: number }) {
  const { shape, turn } = pressSeal(seat.id);
  return (
    <g transform={`translate(${seat.x} ${seat.y})`}>
      <g className={css.seal} color={WAX}>
        <use href={`#${id}seal${shape}`} transform={`rotate(${turn}) scale(${radius})`} />
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
