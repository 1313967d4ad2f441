/** The outlines of a font as WOFF2 spells them. W3C WOFF 2.0 §5.1–5.3. */
import { ByteReader } from './read-woff2.ts';

interface OutlinePoint {
  x: number;
  y: number;
  isOnCurve: boolean;
}

/** Closed curves in font units, y upwards. */
export type Outline = readonly (readonly OutlinePoint[])[];

type Streams = Record<'contours' | 'points' | 'flags' | 'shapes' | 'composites', ByteReader>;

/** Reads all outlines of a transformed `glyf` table: they are not separate in it, so one cannot be read without those before it. */
export function readOutlines(table: Buffer): Outline[] {
  const head = new ByteReader(table, 4);
  const glyphs = head.unsigned();
  const sizes = Array.from({ length: 5 }, (_, i) => table.readUInt32BE(8 + 4 * i));
  let at = 36;
  const [contours, points, flags, shapes, composites] = sizes.map((size) => {
    at += size;
    return new ByteReader(table.subarray(at - size, at));
  }) as [ByteReader, ByteReader, ByteReader, ByteReader, ByteReader];
  const streams: Streams = { contours, points, flags, shapes, composites };
  const simple: (Outline | Component[])[] = Array.from({ length: glyphs }, () => readGlyph(streams));
  const whole = (glyph: number, depth = 0): Outline => {
    const outline = simple[glyph] ?? [];
    if (!isComposite(outline)) return outline;
    return depth > 5 ? [] : outline.flatMap((part) => place(whole(part.glyph, depth + 1), part));
  };
  return simple.map((_, glyph) => whole(glyph));
}

function readGlyph(streams: Streams): Outline | Component[] {
  const contours = streams.contours.signed();
  if (contours < 0) return readComponents(streams);
  const counts = Array.from({ length: contours }, () => streams.points.count());
  let x = 0;
  let y = 0;
  const outline = counts.map((count) =>
    Array.from({ length: count }, () => {
      const flag = streams.flags.byte();
      const [dx, dy] = readStep(flag & 0x7f, streams.shapes);
      x += dx;
      y += dy;
      return { x, y, isOnCurve: flag < 0x80 };
    }),
  );
  if (contours > 0) streams.shapes.count(); // length of the instructions, which stand elsewhere
  return outline;
}

/** The way from one point to the next: how many bytes it takes depends on its length. WOFF2 §5.2. */
function readStep(code: number, stream: ByteReader): [number, number] {
  const signed = (bits: number, size: number) => (bits & 1 ? size : -size);
  const first = stream.byte();
  if (code < 10) return [0, signed(code, ((code & 14) << 7) + first)];
  if (code < 20) return [signed(code, (((code - 10) & 14) << 7) + first), 0];
  if (code < 84) {
    const base = code - 20;
    return [signed(code, 1 + (base & 0x30) + (first >> 4)), signed(code >> 1, 1 + ((base & 0x0c) << 2) + (first & 0x0f))];
  }
  const second = stream.byte();
  if (code < 120) {
    const base = code - 84;
    return [signed(code, 1 + (Math.floor(base / 12) << 8) + first), signed(code >> 1, 1 + (((base % 12) >> 2) << 8) + second)];
  }
  const third = stream.byte();
  if (code < 124) return [signed(code, (first << 4) + (second >> 4)), signed(code >> 1, ((second & 0x0f) << 8) + third)];
  return [signed(code, (first << 8) + second), signed(code >> 1, (third << 8) + stream.byte())];
}

/** Another glyph as a part of this one: moved, and scaled by a matrix. OpenType `glyf`, composite glyphs. */
interface Component {
  glyph: number;
  dx: number;
  dy: number;
  matrix: readonly [number, number, number, number];
}

const WORDS = 0x1;
const ARE_OFFSETS = 0x2;
const ONE_SCALE = 0x8;
const MORE = 0x20;
const TWO_SCALES = 0x40;
const MATRIX = 0x80;
const INSTRUCTIONS = 0x100;

function readComponents({ composites, shapes }: Streams): Component[] {
  const parts: Component[] = [];
  let flags = MORE;
  let hasInstructions = false;
  while (flags & MORE) {
    flags = composites.unsigned();
    const glyph = composites.unsigned();
    const argument = () => (flags & WORDS ? composites.signed() : (composites.byte() << 24) >> 24);
    const [dx, dy] = [argument(), argument()];
    const scale = () => composites.signed() / 16_384;
    let matrix: Component['matrix'] = [1, 0, 0, 1];
    if (flags & ONE_SCALE) {
      const both = scale();
      matrix = [both, 0, 0, both];
    } else if (flags & TWO_SCALES) matrix = [scale(), 0, 0, scale()];
    else if (flags & MATRIX) matrix = [scale(), scale(), scale(), scale()];
    parts.push({ glyph, matrix, ...(flags & ARE_OFFSETS ? { dx, dy } : { dx: 0, dy: 0 }) });
    hasInstructions ||= (flags & INSTRUCTIONS) !== 0;
  }
  if (hasInstructions) shapes.count();
  return parts;
}

function isComposite(outline: Outline | Component[]): outline is Component[] {
  return outline.length > 0 && 'glyph' in (outline[0] as object);
}

function place(outline: Outline, { dx, dy, matrix: [a, b, c, d] }: Component): Outline {
  return outline.map((contour) => contour.map(({ x, y, isOnCurve }) => ({ x: a * x + c * y + dx, y: b * x + d * y + dy, isOnCurve })));
}

/** An outline as the data of an SVG path, moved to the right by `shift`; y still upwards. Curves are quadratic, as in the font. */
export function drawOutline(outline: Outline, shift: number): string {
  return outline.map((contour) => drawContour(contour, shift)).join('');
}

function drawContour(contour: readonly OutlinePoint[], shift: number): string {
  const count = contour.length;
  if (count === 0) return '';
  const at = (i: number) => contour[i % count] as OutlinePoint;
  const half = (one: OutlinePoint, other: OutlinePoint) => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
  const write = ({ x, y }: { x: number; y: number }) => `${Math.round(x + shift)} ${Math.round(y)}`;
  const first = contour.findIndex((point) => point.isOnCurve);
  // Without a single point on the curve, it begins halfway between two that steer it.
  const start = first < 0 ? half(at(count - 1), at(0)) : at(first);
  let path = `M${write(start)}`;
  for (let i = 0; i < count; i++) {
    const point = at(first + 1 + i);
    if (point.isOnCurve) path += `L${write(point)}`;
    else {
      const next = at(first + 2 + i);
      const end = i === count - 1 ? start : next.isOnCurve ? next : half(point, next);
      path += `Q${write(point)} ${write(end)}`;
      if (next.isOnCurve) i++;
    }
  }
  return `${path}Z`;
}
