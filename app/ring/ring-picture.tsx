import { useId } from 'react';
import css from './ring.module.css';
import { extremesOf, frameAround, layOutSeals, ringPointAt, round, type SealCounts, type SealLayout } from './ring-geometry.ts';
import { BrokenSeat, FreeSeat, MarkShapes, OpenedSeal, SealMark } from './ring-marks.tsx';
import { layOutNames, layOutStrokes, MOST_NAMES, type PlacedName } from './ring-names.ts';
import { INK } from './ring-shapes.ts';
import { Centre, drawTrustees, GroupLabel, PerMark, RadialText } from './ring-text.tsx';
import { centreWords, describeRing, type RingFacts, stillSealed } from './ring-words.ts';

const SERIF = "'Source Serif 4 Variable','Source Serif 4',Georgia,serif";

/** Facts, and what the picture alone needs. */
export interface RingPictureProps extends RingFacts {
  /** Accessible name of the picture; the statement's title serves well. */
  title: string;
}

/** The round robin as one SVG without scripts, styles or sizes of its own: it fits the width it is given, and nothing is cut off. */
export function RingPicture(props: RingPictureProps) {
  const id = useId();
  const revealed = props.state === 'revealed' && (props.names?.length ?? 0) > 0;
  const { body, innerRadius, points } = revealed ? drawNames(props, id) : drawSeals(props, id);
  const frame = frameAround(points, 6);
  return (
    <svg
      className={`${css.ring} ${css[props.state] ?? ''}`}
      viewBox={`${frame.x} ${frame.y} ${frame.width} ${frame.height}`}
      role="img"
      aria-labelledby={`${id}t ${id}d`}
      fontFamily={SERIF}
      fill={INK}
    >
      <title id={`${id}t`}>{props.title}</title>
      <desc id={`${id}d`}>{describeRing(props)}</desc>
      <MarkShapes id={id} />
      <g>{body}</g>
      <Centre radius={innerRadius} {...centreWords(props)} />
    </svg>
  );
}

function drawSeals(props: RingPictureProps, id: string) {
  const layout = layOutSeals(shownCounts(props));
  const labels = layout.arcs.length > 0 && (props.state === 'open' || props.state === 'mixing');
  const around = props.state === 'open' || props.state === 'revealed' ? [] : (props.trustees ?? []);
  const outer = layout.outerRadius + (labels ? 21 : 0);
  const trustees = drawTrustees(around, outer, id);
  const body = (
    <>
      <Seats layout={layout} props={props} id={id} />
      {labels && layout.arcs.map((arc, i) => <GroupLabel key={arc.id} arc={arc} radius={layout.outerRadius + 8} id={`${id}group${i}`} />)}
      {trustees.drawn}
    </>
  );
  return { body, innerRadius: layout.innerRadius, points: [...extremesOf(outer), ...trustees.points] };
}

/** A ring that nobody can sign, or whose key is gone, shows its seats and no seal. */
export function shownCounts({ statement, needed, live, groups, state }: RingFacts): SealCounts {
  const isShown = state === 'open' || state === 'mixing' || state === 'unopened';
  return { statement, needed, live: isShown ? live : 0, groups: groups?.map((group) => (isShown ? group : { ...group, count: 0 })) };
}

function Seats({ layout, props, id }: { layout: SealLayout; props: RingPictureProps; id: string }) {
  const radius = layout.markRadius;
  const seal = (seat: SealLayout['seats'][number]) => <SealMark key={seat.id} id={id} seat={seat} radius={radius} />;
  if (props.state === 'destroyed') return layout.seats.map((seat) => <BrokenSeat key={seat.id} seat={seat} radius={radius * 0.86} />);
  return (
    <>
      {layout.seats.map((seat) => (seat.isTaken ? null : <FreeSeat key={seat.id} seat={seat} radius={radius * 0.86} />))}
      {layout.seats.map((seat) => (seat.isTaken ? seal(seat) : null))}
      {layout.extras.map(seal)}
      {layout.per > 1 && <PerMark per={layout.per} radius={layout.innerRadius} word="mark" />}
    </>
  );
}

function drawNames(props: RingPictureProps, id: string) {
  const names = props.names ?? [];
  const sealed = stillSealed(props);
  if (names.length > MOST_NAMES) {
    const { strokes, per, innerRadius, outerRadius } = layOutStrokes(names);
    const body = (
      <>
        <path
          className={css.strokes}
          d={strokes.map(({ from, to }) => `M${from.x} ${from.y}L${to.x} ${to.y}`).join('')}
          fill="none"
          stroke={INK}
          strokeWidth="1.1"
        />
        {per > 1 && <PerMark per={per} radius={innerRadius} word="stroke" />}
      </>
    );
    return { body, innerRadius, points: extremesOf(outerRadius) };
  }
  const layout = layOutNames(names, 15);
  const inner = layOutSeals({ statement: props.statement, needed: 1, live: 0 }).markRadius * 0.45;
  const body = (
    <>
      {layout.names.map((name) => (
        <SignerName key={name.seat} id={id} name={name} />
      ))}
      {Array.from({ length: Math.min(60, sealed) }, (_, i) => {
        const angle = (2 * Math.PI * (i + 0.5)) / Math.min(60, sealed) + Math.PI / 2;
        const seat = { id: `later/${i}`, ...ringPointAt(layout.innerRadius - 8, angle), angle, isTaken: true };
        return <SealMark key={seat.id} id={id} seat={seat} radius={inner} />;
      })}
    </>
  );
  return {
    body,
    innerRadius: layout.innerRadius - (sealed > 0 ? 14 : 0),
    points: [...extremesOf(layout.innerRadius), ...layout.names.map(farEnd)],
  };
}

function farEnd(name: PlacedName) {
  return ringPointAt(name.to, name.angle);
}

function SignerName({ id, name }: { id: string; name: PlacedName }) {
  const opened = ringPointAt(name.from - 8.5, name.angle);
  return (
    <g className={css.signer}>
      <OpenedSeal id={id} {...opened} turn={round((name.angle * 180) / Math.PI)} radius={round(name.fontSize * 0.25)} />
      <RadialText name={name} className={css.name} />
    </g>
  );
}
