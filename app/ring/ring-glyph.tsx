import css from '../ui/site.module.css';
import { ringPointAt } from './ring-geometry.ts';

/** The mark beside the wordmark: twelve seats, all but three sealed. Decoration only. */
export function RingGlyph() {
  return (
    <svg className={css.glyph} viewBox="-12 -12 24 24" aria-hidden="true" focusable="false">
      {Array.from({ length: 12 }, (_, i) => {
        const { x, y } = ringPointAt(9.2, ((i - 2.5) * Math.PI) / 6);
        const free = i === 1 || i === 2 || i === 6;
        return <circle key={`${x} ${y}`} className={free ? css.glyphFree : css.glyphSealed} cx={x} cy={y} r={free ? 1.35 : 1.75} />;
      })}
    </svg>
  );
}
