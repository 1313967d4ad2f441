/** Where the names stand once a round robin is revealed. Pure; widths are estimated, since a server has no text to measure. */
import { stripDirections } from '#lib/protocol/messages/visible-text.ts';
import { orderBySeat } from '#lib/protocol/reveal/names.ts';
import { balanceRings, ONE_RING, type RingPoint, ringPointAt, round, TOP } from './ring-geometry.ts';
import { mixText, shareOut } from './ring-seats.ts';

export interface RingName {
  seat: string;
  name: string;
}

/** One name on the ring: drawn at `x, y`, turned by `turn` degrees, so that it reads outwards on the right half and inwards on the left. */
export interface PlacedName extends RingPoint {
  seat: string;
  /** What is drawn: shortened with … where it is too long, without direction controls. The list beside has it in full. */
  text: string;
  angle: number;
  turn: number;
  anchor: 'start' | 'end';
  fontSize: number;
  /** Latin, Cyrillic and Greek stand in italics; other scripts have none worth the name. */
  italic: boolean;
  /** Distance of both ends from the centre. */
  from: number;
  to: number;
}

export interface NameLayout {
  names: PlacedName[];
  fontSize: number;
  innerRadius: number;
  outerRadius: number;
}

/** Above this many names the ring shows strokes and the list beside has the names. */
export const MOST_NAMES = 200;
const LINE_HEIGHT = 1.2;
const SMALLEST_RADIUS = 96;
const RING_SPACE = 14;

/** Advance widths of Source Serif 4 Italic in hundredths of an em, measured; letters with accents count as their base letter. */
const WIDTHS = new Map<string, number>(
  Object.entries({
    23: ' ',
    30: "ijl.,'’|:;!",
    35: 'ft-',
    39: '()sIJ',
    44: 'cerΓεгзcс',
    52: 'abdghknopquvxyz0123456789S"«»',
    61: 'BCEFLPTYZ&βδμπ',
    70: 'ADGHKNOQRUVX',
    78: 'wMфwюИΩωП',
    87: 'mтжшщ',
    94: 'WMЖЮ',
    104: 'ШЩ—',
  }).flatMap(([width, letters]) => [...letters].map((letter) => [letter, Number(width)] as const)),
);

/** An estimate, rather too wide than too narrow, of how many ems a text takes on one line in the ring's face. */
export function estimateEms(text: string): number {
  let hundredths = 0;
  for (const char of text.normalize('NFD')) hundredths += WIDTHS.get(char) ?? widthByScript(char);
  return (hundredths * 1.04) / 100;
}

function widthByScript(char: string): number {
  if (/\p{M}|\p{Cf}/u.test(char)) return 0;
  if (/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u.test(char)) return /\p{Lu}/u.test(char) ? 74 : 60;
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]/u.test(char)) return 102;
  if (/[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thai}]/u.test(char)) return 66;
  return /\p{Extended_Pictographic}/u.test(char) ? 135 : 82;
}

/** Made when it is first needed: a browser without it must still come to say that it is too old. */
let graphemes: Intl.Segmenter | undefined;

/** Cuts a text at a whole character (as a reader counts them) and ends it with … so that it takes at most `ems`. */
export function shortenText(text: string, ems: number): string {
  if (estimateEms(text) <= ems) return text;
  graphemes ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (estimateEms(`${kept}${segment}…`) > ems) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** Largest type that a ring of this many names allows; few names stand larger. */
function fontSizeFor(count: number): number {
  if (count <= 10) return 16;
  if (count <= 24) return 14;
  return count <= 40 ? 12.5 : 11;
}

/**
 * Places up to MOST_NAMES names radially: one ring up to ONE_RING, then concentric rings of equal size, shorter names inside.
 * Within a ring the order comes from the tokens.
 * @param spare room in units kept free between the names and the centre, for marks
 */
export function layOutNames(names: readonly RingName[], spare = 0): NameLayout {
  const fontSize = fontSizeFor(names.length);
  const ringCount = Math.max(1, Math.ceil(names.length / ONE_RING));
  const longest = (ringCount === 1 ? 13.5 : 13) * fontSize;
  const sized = orderBySeat(names).map(({ seat, name }) => sizeName(seat, stripDirections(name), fontSize, longest));
  if (ringCount > 1) sized.sort((a, b) => a.width - b.width || mixText(a.seat) - mixText(b.seat));

  const parts = shareOut(sized.length, new Array(ringCount).fill(1));
  const placed: PlacedName[] = [];
  let radius = Math.max(SMALLEST_RADIUS + spare, ((parts[0] ?? 0) * fontSize * LINE_HEIGHT) / (2 * Math.PI));
  const innerRadius = round(radius - spare);
  let taken = 0;
  parts.forEach((count, ring) => {
    const onRing = orderBySeat(sized.slice(taken, taken + count));
    taken += count;
    const halfStep = ring % 2 === 0 ? 0.5 : 0;
    onRing.forEach((name, i) => {
      placed.push(placeName(name, radius, TOP + ((i + halfStep) * 2 * Math.PI) / count));
    });
    radius = radius + onRing.reduce((most, name) => Math.max(most, name.width), 0) + (ring < ringCount - 1 ? RING_SPACE + spare : 0);
  });
  return { names: placed, fontSize, innerRadius, outerRadius: round(radius) };
}

/** Whether the names can be read from the ring alone: all of them on one ring, and none shortened. */
export function areLegible(names: readonly RingName[]): boolean {
  if (names.length > ONE_RING) return false;
  const drawn = new Set(layOutNames(names).names.map(({ text }) => text));
  return names.every(({ name }) => drawn.has(stripDirections(name)));
}

interface SizedName {
  seat: string;
  text: string;
  fontSize: number;
  width: number;
}

function sizeName(seat: string, name: string, fontSize: number, longest: number): SizedName {
  const ems = estimateEms(name);
  if (ems * fontSize <= longest) return { seat, text: name, fontSize, width: ems * fontSize };
  const smaller = fontSize * 0.86;
  const text = shortenText(name, longest / smaller);
  return { seat, text, fontSize: round(smaller), width: Math.min(longest, estimateEms(text) * smaller) };
}

function placeName(name: SizedName, radius: number, angle: number): PlacedName {
  const leftHalf = Math.cos(angle) < -1e-9;
  const degrees = (angle * 180) / Math.PI;
  return {
    seat: name.seat,
    text: name.text,
    ...ringPointAt(radius, angle),
    angle,
    turn: round(leftHalf ? degrees - 180 : degrees),
    anchor: leftHalf ? 'end' : 'start',
    fontSize: name.fontSize,
    italic: !/[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Common}\p{Script=Inherited}]/u.test(name.text),
    from: round(radius),
    to: round(radius + name.width),
  };
}

/** One stroke of a ring too large for names, as long as the name it stands for would be. */
export interface Stroke {
  from: RingPoint;
  to: RingPoint;
}

const MOST_STROKES = 720;
const STROKE_PITCH = 4.2;
const STROKE_LENGTH = 26;

/**
 * Draws many names as strokes seen from afar, lengths in proportion to the names.
 * @returns `per`: how many names one stroke stands for, 1 up to MOST_STROKES
 */
export function layOutStrokes(names: readonly RingName[]): { strokes: Stroke[]; per: number; innerRadius: number; outerRadius: number } {
  const per = Math.ceil(names.length / MOST_STROKES);
  const drawn = orderBySeat(names).filter((_, index) => index % per === 0);
  const first = 150;
  const rings = balanceRings(drawn.length, first, STROKE_PITCH, STROKE_LENGTH + 8);
  const strokes: Stroke[] = [];
  for (const { radius, count } of rings) {
    for (let i = 0; i < count; i++) {
      const { name } = drawn[strokes.length]!;
      const angle = TOP + ((i + 0.5) * 2 * Math.PI) / count;
      const length = Math.min(STROKE_LENGTH, 7 + estimateEms(name) * 1.5);
      strokes.push({ from: ringPointAt(radius, angle), to: ringPointAt(radius + length, angle) });
    }
  }
  return { strokes, per, innerRadius: first - 4, outerRadius: round(rings.at(-1)!.radius + STROKE_LENGTH) };
}

/** Places a few names (trustees) in their given order around a circle, turned so that none stands quite upright. */
export function layOutAround(names: readonly string[], radius: number, fontSize: number): PlacedName[] {
  const offset = names.length % 2 === 0 ? 0.5 : 0.25;
  return names.map((name, i) => {
    const sized = sizeName(String(i), stripDirections(name), fontSize, 11.5 * fontSize);
    return placeName(sized, radius, TOP + ((i + offset) * 2 * Math.PI) / names.length);
  });
}
