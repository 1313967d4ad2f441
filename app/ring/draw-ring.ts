/** The round robin without letters of its own, for a picture that is a file: what is text on a page is outlines here. */

import { type Face, writeLine } from './faces.ts';
import { layOutSeals, ONE_RING, ringPointAt, round, type Seat } from './ring-geometry.ts';
import { layOutNames, layOutStrokes, type PlacedName } from './ring-names.ts';
import { type RingPictureProps, shownCounts } from './ring-picture.tsx';
import { ASH, INK, LEFT_HALF, pressSeal, RIGHT_HALF, SOFT, WAX, WAX_OUTLINES } from './ring-shapes.ts';
import { centreWords } from './ring-words.ts';

export interface Faces {
  upright: Face;
  italic: Face;
}

/** The ring around the point 0, 0 as SVG elements, and how far it reaches. */
export function drawRing(ring: RingPictureProps, faces: Faces): { body: string; reach: number } {
  const { body, innerRadius, reach } = ring.state === 'revealed' ? drawNames(ring, faces) : drawSeats(ring);
  return { body: body + drawCentre(ring, innerRadius, faces.upright), reach };
}

/** One line of type; `anchor` as in SVG. Nothing where the face lacks a character. */
export function drawText(
  text: string,
  face: Face,
  {
    size,
    x = 0,
    y = 0,
    anchor = 'start',
    fill = INK,
  }: { size: number; x?: number; y?: number; anchor?: PlacedName['anchor'] | 'middle'; fill?: string },
): string {
  const line = writeLine(text, face);
  if (!line) return '';
  const back = { start: 0, middle: 0.5, end: 1 }[anchor] * line.width * size;
  return `<path transform="translate(${round(x - back)} ${round(y)}) scale(${size / 1000} ${-size / 1000})" d="${line.path}" fill="${fill}"/>`;
}

function drawSeats(ring: RingPictureProps) {
  const { state } = ring;
  const { seats, extras, markRadius, innerRadius, outerRadius } = layOutSeals(shownCounts(ring));
  const colour = state === 'unopened' ? ASH : WAX;
  const draw = (seat: Seat) =>
    seat.isTaken ? drawSeal(seat, markRadius, colour) : drawFree(seat, markRadius * 0.86, state === 'destroyed');
  return { body: [...seats, ...extras].map(draw).join(''), innerRadius, reach: outerRadius };
}

function drawSeal({ x, y, id }: Seat, radius: number, colour: string): string {
  const { shape, turn } = pressSeal(id);
  const rings =
    '<circle r="0.58" fill="none" stroke="#fff" stroke-opacity="0.34" stroke-width="0.13"/><circle r="0.2" fill="#fff" fill-opacity="0.28"/>';
  return `<g transform="translate(${x} ${y}) rotate(${turn}) scale(${radius})"><path d="${WAX_OUTLINES[shape]}" fill="${colour}"/>${rings}</g>`;
}

function drawFree({ x, y, angle }: Seat, radius: number, isBroken: boolean): string {
  const circle = `<circle r="${round(radius)}" fill="none" stroke="${ASH}" stroke-width="0.9" stroke-dasharray="2.1 2"/>`;
  const reach = round(radius * 1.45);
  const stroke = isBroken ? `<path d="M${-reach} 0H${reach}" stroke="${ASH}" stroke-width="1.1"/>` : '';
  return `<g transform="translate(${x} ${y}) rotate(${round((angle * 180) / Math.PI)})">${circle}${stroke}</g>`;
}

/** Names as long as each can be read and set, else the strokes of a pen: some named and others not would be no round robin. */
function drawNames({ names = [] }: RingPictureProps, { italic }: Faces) {
  if (names.length <= ONE_RING) {
    const { names: placed, innerRadius } = layOutNames(names, 15);
    const isWritten = placed.every(({ text }) => writeLine(text, italic) !== null);
    const body = placed.map((name) => drawOpened(name) + (isWritten ? drawName(name, italic) : drawStroke(name)));
    return { body: body.join(''), innerRadius, reach: placed.reduce((most, name) => Math.max(most, name.to), 0) };
  }
  const { strokes, innerRadius, outerRadius } = layOutStrokes(names);
  const path = strokes.map(({ from, to }) => `M${from.x} ${from.y}L${to.x} ${to.y}`).join('');
  return { body: `<path d="${path}" fill="none" stroke="${INK}" stroke-width="1.2"/>`, innerRadius, reach: outerRadius };
}

function drawOpened({ from, angle, fontSize }: PlacedName): string {
  const { x, y } = ringPointAt(from - 8.5, angle);
  const halves = [
    [LEFT_HALF, 'translate(-0.28 0) rotate(-9)'],
    [RIGHT_HALF, 'translate(0.28 0) rotate(9)'],
  ].map(([half, place]) => `<path d="${half}" transform="${place}" fill="${WAX}"/>`);
  const turned = `rotate(${round((angle * 180) / Math.PI)}) scale(${round(fontSize * 0.25)})`;
  return `<g transform="translate(${x} ${y}) ${turned}">${halves.join('')}</g>`;
}

function drawName({ x, y, turn, text, fontSize, anchor }: PlacedName, italic: Face): string {
  return `<g transform="translate(${x} ${y}) rotate(${turn})">${drawText(text, italic, { size: fontSize, anchor, y: fontSize * 0.32 })}</g>`;
}

function drawStroke({ from, to, angle }: PlacedName): string {
  const [start, end] = [ringPointAt(from, angle), ringPointAt(to, angle)];
  return `<path d="M${start.x} ${start.y}L${end.x} ${end.y}" stroke="${INK}" stroke-width="1.6" stroke-linecap="round"/>`;
}

function drawCentre(ring: RingPictureProps, radius: number, face: Face): string {
  const { head, lines } = centreWords(ring);
  const sizeFor = (text: string, largest: number) => Math.min(largest, (radius * 1.5) / (writeLine(text, face)?.width ?? 1));
  const headSize = sizeFor(head, radius * 0.5);
  const lineSize = lines.reduce((least, line) => Math.min(least, sizeFor(line, radius * 0.145)), Number.POSITIVE_INFINITY);
  const top = -(lines.length * lineSize * 1.3) / 2;
  const below = lines.map((line, i) =>
    drawText(line, face, { size: lineSize, y: top + headSize * 0.38 + lineSize * (1.15 + i * 1.3), anchor: 'middle', fill: SOFT }),
  );
  return drawText(head, face, { size: headSize, y: top + headSize * 0.3, anchor: 'middle' }) + below.join('');
}
