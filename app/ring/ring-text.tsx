import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import { stripDirections } from '#lib/protocol/messages/visible-text.ts';
import css from './ring.module.css';
import { type GroupArc, ringPointAt, round, TOP } from './ring-geometry.ts';
import { estimateEms, layOutAround, type PlacedName, shortenText } from './ring-names.ts';
import { INK, SOFT, WAX } from './ring-shapes.ts';
import { countOfGroup, type RingTrustee } from './ring-words.ts';

/** The base direction is always left to right, so that anchor and side agree; the name itself is isolated and finds its own. */
export function RadialText({ name, className }: { name: PlacedName; className?: string }) {
  return (
    <text
      className={className}
      transform={`translate(${name.x} ${name.y}) rotate(${name.turn})`}
      dy="0.32em"
      fontSize={name.fontSize}
      fontStyle={name.italic ? 'italic' : 'normal'}
      textAnchor={name.anchor}
      direction="ltr"
    >
      {`\u2068${name.text}\u2069`}
    </text>
  );
}

/** Text along a circle, upright above and below, centred between two angles and cut to fit. */
function ArcText({
  id,
  text,
  radius,
  start,
  end,
  fontSize,
}: {
  id: string;
  text: string;
  radius: number;
  start: number;
  end: number;
  fontSize: number;
}) {
  const below = readsBelow(start, end);
  const r = below ? radius + fontSize * 0.72 : radius;
  const [a, b] = below ? [ringPointAt(r, end), ringPointAt(r, start)] : [ringPointAt(r, start), ringPointAt(r, end)];
  return (
    <>
      <path
        id={id}
        d={`M${a.x} ${a.y}A${round(r)} ${round(r)} 0 ${end - start > Math.PI ? 1 : 0} ${below ? 0 : 1} ${b.x} ${b.y}`}
        fill="none"
      />
      <text className={css.arcText} fontSize={fontSize} fill={SOFT} textAnchor="middle">
        <textPath href={`#${id}`} startOffset="50%">
          {text}
        </textPath>
      </text>
    </>
  );
}

function readsBelow(start: number, end: number): boolean {
  return Math.sin((start + end) / 2) > 0.25;
}

/** Scripts whose letters join or stack, or run from right to left, cannot follow a curve. */
function canBend(text: string): boolean {
  return !/[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Common}]/u.test(text);
}

const ARC_FONT = 11.5;

/** "Teachers · 3 of 5" along the group's arc; the count alone where the label cannot bend or has no room. */
export function GroupLabel({ arc, radius, id }: { arc: GroupArc; radius: number; id: string }) {
  const count = countOfGroup(arc);
  const room = ((arc.end - arc.start) * radius) / ARC_FONT - estimateEms(` · ${count}`);
  const text = canBend(arc.label) && room > 3 ? `${shortenText(arc.label, room)} · ${count}` : count;
  return <ArcText id={id} text={text} radius={radius} start={arc.start} end={arc.end} fontSize={ARC_FONT} />;
}

const MOST_ON_ARCS = 8;

/**
 * The committee around the ring, each trustee with its mark: along the circle like the legend of a coin while they are few, else
 * radially like signers.
 * @param radius of the ring within
 * @returns what to draw, and the points it reaches to
 */
export function drawTrustees(trustees: readonly RingTrustee[], radius: number, id: string) {
  const names = trustees.map((trustee) => stripDirections(trustee.name));
  if (trustees.length > MOST_ON_ARCS || !names.every(canBend)) {
    const placed = layOutAround(names, radius + 24, 13);
    const drawn = placed.map((name, i) => (
      <g key={name.seat} className={css[trustees[i]!.mark]}>
        <TrusteeMark at={ringPointAt(radius + 13, name.angle)} trustee={trustees[i]!} />
        <RadialText name={name} className={css.trustee} />
      </g>
    ));
    return { drawn, points: placed.map((name) => ringPointAt(name.to, name.angle)) };
  }
  const step = (2 * Math.PI) / names.length;
  const fontSize = 13;
  const drawn = names.map((name, i) => {
    const middle = TOP + i * step;
    const [start, end] = [middle - step * 0.47, middle + step * 0.47];
    const text = shortenText(name, ((end - start) * (radius + 22)) / fontSize);
    return (
      <g key={name} className={css[trustees[i]!.mark]}>
        <TrusteeMark at={ringPointAt(radius + 11, middle)} trustee={trustees[i]!} />
        <ArcText id={`${id}trustee${i}`} text={text} radius={radius + 22} start={start} end={end} fontSize={fontSize} />
      </g>
    );
  });
  const reach = names.length > 0 ? radius + 22 + fontSize : radius;
  return { drawn, points: [0, 1, 2, 3].map((quarter) => ringPointAt(reach, quarter * (Math.PI / 2))) };
}

function TrusteeMark({ at, trustee }: { at: { x: number; y: number }; trustee: RingTrustee }) {
  const failed = trustee.mark === 'failed';
  return <circle className={css.dot} cx={at.x} cy={at.y} r="3" fill={trustee.mark === 'done' ? INK : 'none'} stroke={failed ? WAX : INK} />;
}

/** How many each mark stands for, where there are too many to draw. */
export function PerMark({ per, radius, word }: { per: number; radius: number; word: string }) {
  return (
    <text className={css.line} y={round(radius * 0.62)} fontSize={round(radius * 0.085)} fill={SOFT} textAnchor="middle">
      {`one ${word} for ${groupDigits(per)}`}
    </text>
  );
}

/** One large word or number and up to two small lines, sized to stay inside the circle of this radius. */
export function Centre({ radius, head, lines }: { radius: number; head: string; lines: string[] }) {
  const headSize = Math.min(radius * 0.5, (radius * 1.5) / estimateEms(head));
  const lineSize = lines.reduce((least, line) => Math.min(least, (radius * 1.5) / estimateEms(line)), radius * 0.145);
  const top = -(lines.length * lineSize * 1.3) / 2;
  return (
    <g textAnchor="middle">
      <text y={round(top + headSize * 0.3)} fontSize={round(headSize)} className={css.head}>
        {head}
      </text>
      {lines.map((line, i) => (
        <text
          key={line}
          className={css.line}
          y={round(top + headSize * 0.38 + lineSize * (1.15 + i * 1.3))}
          fontSize={round(lineSize)}
          fill={SOFT}
        >
          {line}
        </text>
      ))}
    </g>
  );
}
