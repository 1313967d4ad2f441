/** The picture that stands beside a link to a statement, where people share it. Pure. */
import { stripDirections, writeOutUnseen } from '#lib/protocol/messages/visible-text.ts';
import { drawRing, drawText, type Faces } from './draw-ring.ts';
import { writeLine } from './faces.ts';
import type { RingPictureProps } from './ring-picture.tsx';
import { INK, PAPER, SOFT } from './ring-shapes.ts';

/** What services that show such pictures expect, in pixels. */
export const PICTURE_SIZE = { width: 1200, height: 630 };
const MARGIN = 64;
const RING_RADIUS = 274;
const TITLE_WIDTH = 496;
const TITLE_SIZES = [62, 54, 46, 40];
const MOST_LINES = 5;
/** Characters of a title that are looked at: more than five lines hold of the narrowest. */
const MOST_MEASURED = 300;

export interface PictureWords {
  title: string;
  /** How it stands, in two or three words above the title. */
  kicker: string;
  /** What follows from that, in one short line below. */
  foot: string;
}

/** An SVG without any text, so that it looks the same wherever it is turned into pixels. */
export function drawPicture({ title, kicker, foot }: PictureWords, ring: RingPictureProps, faces: Faces): string {
  const { width, height } = PICTURE_SIZE;
  const { body, reach } = drawRing(ring, faces);
  const { lines, size } = breakTitle(stripDirections(writeOutUnseen(title).text), faces);
  const step = size * 1.14;
  const top = height / 2 - (lines.length * step) / 2 + size * 0.78;
  const words = [
    drawText(kicker, faces.upright, { size: 27, x: MARGIN, y: MARGIN + 22, fill: SOFT }),
    ...lines.map((line, i) => drawText(line, faces.upright, { size, x: MARGIN, y: top + i * step, fill: INK })),
    drawText(foot, faces.upright, { size: 25, x: MARGIN, y: height - MARGIN - 38, fill: SOFT }),
    drawText('Round Robin', faces.italic, { size: 25, x: MARGIN, y: height - MARGIN, fill: SOFT }),
  ];
  const centre = lines.length === 0 ? width / 2 : width - MARGIN / 2 - RING_RADIUS;
  const place = `translate(${centre} ${height / 2}) scale(${RING_RADIUS / reach})`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="${width}" height="${height}" fill="${PAPER}"/>${words.join('')}<g transform="${place}">${body}</g></svg>`
  );
}

/** The title in the largest type in which it fits; cut with … where it fits in none. No lines where the face lacks its script. */
function breakTitle(title: string, { upright }: Faces): { lines: string[]; size: number } {
  const chars = [...title].slice(0, MOST_MEASURED);
  const widths = new Map([...new Set(chars), '…', ' '].map((char) => [char, writeLine(char, upright)?.width]));
  if ([...widths.values()].includes(undefined)) return { lines: [], size: 0 };
  const shown = chars.join('');
  // Letter by letter, without the kerning of a line: setting each line that might be would take seconds for some titles.
  const widthOf = (text: string, size: number) => [...text].reduce((sum, char) => sum + (widths.get(char) ?? 0), 0) * size;
  for (const size of TITLE_SIZES) {
    const lines = breakLines(shown, (text) => widthOf(text, size) <= TITLE_WIDTH);
    if (lines.length <= MOST_LINES) return { lines, size };
  }
  const size = TITLE_SIZES.at(-1) as number;
  const lines = breakLines(shown, (text) => widthOf(`${text}…`, size) <= TITLE_WIDTH).slice(0, MOST_LINES);
  return { lines: lines.map((line, i) => (i === MOST_LINES - 1 ? `${line}…` : line)), size };
}

/** Breaks between words, and within a word that has no line to itself. */
function breakLines(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const char of word) {
      if (!fits(line + char)) {
        lines.push(line);
        line = '';
      }
      line += char;
    }
  }
  return line === '' ? lines : [...lines, line];
}
