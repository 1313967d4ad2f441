/** The book face of the site as outlines, so that a picture needs no font where it is drawn. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { create, type Font } from 'fontkit';

/** The files of a face; each has the glyphs of some alphabets. */
export type Face = readonly Font[];
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
    ALPHABETS.map(async (alphabet) => {
      const file = `source-serif-4-${alphabet}-wght-${style}.woff2`;
      return create(await readFile(/* turbopackIgnore: true */ path.join(folder, file))) as Font;
    }),
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
  for (const { font, run } of splitRuns(text.normalize('NFC'), face)) {
    if (!font) return null;
    const { glyphs, positions } = font.layout(run);
    const scale = 1000 / font.unitsPerEm;
    for (const [i, glyph] of glyphs.entries()) {
      line += glyph.path.scale(scale, scale).translate(x, 0).toSVG();
      x += (positions[i]?.xAdvance ?? 0) * scale;
    }
  }
  return { path: line, width: x / 1000 };
}

/** Parts of a text that one file can set; without a font where none can. */
function splitRuns(text: string, face: Face): { font: Font | undefined; run: string }[] {
  const runs: { font: Font | undefined; run: string }[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    const last = runs.at(-1);
    if (last?.font?.hasGlyphForCodePoint(code)) last.run += char;
    else runs.push({ font: face.find((font) => font.hasGlyphForCodePoint(code)), run: char });
  }
  return runs;
}
