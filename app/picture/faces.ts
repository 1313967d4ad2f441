/** The book face of the site as outlines, so that a picture needs no font where it is drawn. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { drawOutline, type Outline, readOutlines } from './read-outlines.ts';
import { ByteReader, readWoff2 } from './read-woff2.ts';

/** One file of a face: the glyphs of some alphabets. Lengths in font units, of which an em has `unitsPerEm`. */
interface FontFile {
  unitsPerEm: number;
  glyphs: ReadonlyMap<number, number>;
  advances: readonly number[];
  outlines: readonly Outline[];
}

export type Face = readonly FontFile[];
/** A line of type: the data of a path in thousandths of an em with y upwards, and its width in ems. */
export interface WrittenLine {
  path: string;
  width: number;
}

const ALPHABETS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext', 'vietnamese'];
const loaded = new Map<string, Promise<Face>>();

/** The face in upright or italic type, read once. */
export function loadFace(style: 'normal' | 'italic'): Promise<Face> {
  const known = loaded.get(style);
  if (known) return known;
  const folder = path.join(/* turbopackIgnore: true */ process.cwd(), 'node_modules/@fontsource-variable/source-serif-4/files');
  const face = Promise.all(
    ALPHABETS.map(async (alphabet) =>
      parseFont(await readFile(/* turbopackIgnore: true */ path.join(folder, `source-serif-4-${alphabet}-wght-${style}.woff2`))),
    ),
  );
  loaded.set(style, face);
  face.catch(() => loaded.delete(style));
  return face;
}

/**
 * Sets a line. @returns null where the face lacks a character: it has the alphabets of Europe and Vietnam, and a line in another
 * script must not be set by halves
 */
export function writeLine(text: string, face: Face): WrittenLine | null {
  let x = 0;
  let line = '';
  for (const char of text.normalize('NFC')) {
    const file = face.find(({ glyphs }) => glyphs.has(char.codePointAt(0) as number));
    if (!file) return null;
    const glyph = file.glyphs.get(char.codePointAt(0) as number) as number;
    line += drawOutline(file.outlines[glyph] ?? [], x);
    x += (file.advances[Math.min(glyph, file.advances.length - 1)] as number) * (1000 / file.unitsPerEm);
  }
  return { path: line, width: x / 1000 };
}

function parseFont(file: Buffer): FontFile {
  const tables = readWoff2(file);
  const table = (tag: string) => {
    const found = tables.get(tag);
    if (!found) throw new Error(`a font of the program has no table ${tag}`);
    return found;
  };
  const unitsPerEm = table('head').bytes.readUInt16BE(18);
  if (unitsPerEm !== 1000 || !table('glyf').isTransformed) throw new Error('a font of the program is of another kind than was foreseen');
  return {
    unitsPerEm,
    glyphs: readCharacters(table('cmap').bytes),
    advances: readAdvances(table('hmtx'), table('hhea').bytes.readUInt16BE(34)),
    outlines: readOutlines(table('glyf').bytes),
  };
}

/** Advance widths; the transformed table leaves out the bearings, which the outlines show. WOFF2 §5.4. */
function readAdvances({ bytes, isTransformed }: { bytes: Buffer; isTransformed: boolean }, count: number): number[] {
  const reader = new ByteReader(bytes, isTransformed ? 1 : 0);
  return Array.from({ length: count }, () => {
    const advance = reader.unsigned();
    if (!isTransformed) reader.signed();
    return advance;
  });
}

/** Glyphs by character, from the subtable for all of Unicode or for its first plane. OpenType `cmap`, formats 12 and 4. */
function readCharacters(cmap: Buffer): Map<number, number> {
  const places = Array.from({ length: cmap.readUInt16BE(2) }, (_, i) => cmap.readUInt32BE(8 + 8 * i));
  const byFormat = new Map(places.map((place) => [cmap.readUInt16BE(place), place]));
  const wide = byFormat.get(12);
  const narrow = byFormat.get(4);
  const glyphs = new Map<number, number>();
  if (wide !== undefined) {
    for (let i = 0; i < cmap.readUInt32BE(wide + 12); i++) {
      const [first, last, glyph] = [0, 4, 8].map((at) => cmap.readUInt32BE(wide + 16 + 12 * i + at)) as [number, number, number];
      for (let char = first; char <= last; char++) glyphs.set(char, glyph + char - first);
    }
  } else if (narrow !== undefined) readNarrow(cmap.subarray(narrow), glyphs);
  return glyphs;
}

function readNarrow(table: Buffer, glyphs: Map<number, number>): void {
  const bytes = table.readUInt16BE(6); // twice the number of segments
  for (let i = 0; i < bytes; i += 2) {
    const last = table.readUInt16BE(14 + i);
    const first = table.readUInt16BE(16 + bytes + i);
    const delta = table.readUInt16BE(16 + 2 * bytes + i);
    const place = 16 + 3 * bytes + i;
    const offset = table.readUInt16BE(place);
    for (let char = first; char <= last && char < 0xffff; char++) {
      const raw = offset === 0 ? char : table.readUInt16BE(place + offset + 2 * (char - first));
      if (raw !== 0) glyphs.set(char, (raw + delta) & 0xffff);
    }
  }
}
