/** Takes a web font apart into its tables. W3C WOFF 2.0 §4–5; a server has nobody to do it for it. */
import { brotliDecompressSync } from 'node:zlib';

/** A table as it stands in the file; `isTransformed` where WOFF spells it in its own way. */
export interface FontTable {
  bytes: Buffer;
  isTransformed: boolean;
}

const SIGNATURE = 0x774f4632;
const HEADER_BYTES = 48;
/** The tags that a byte can stand for, in the order of the specification, as far as text fonts have them. */
const TAGS = (
  'cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep CFF  VORG EBDT EBLC gasp hdmx kern LTSH PCLT VDMX vhea vmtx BASE GDEF ' +
  'GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG  sbix acnt avar bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx ' +
  'opbd prop trak Zapf Silf Glat Gloc Feat Sill'
).match(/.{4}(?= |$)/g) as string[];
const OTHER_TAG = 63;

/** @throws Error when the file is no WOFF2 font: it comes with the program, so that is a broken installation */
export function readWoff2(file: Buffer): Map<string, FontTable> {
  if (file.readUInt32BE(0) !== SIGNATURE) throw new Error('a font of the program is not WOFF2');
  const reader = new ByteReader(file, HEADER_BYTES);
  const places: { tag: string; length: number; isTransformed: boolean }[] = [];
  for (let i = file.readUInt16BE(12); i > 0; i--) {
    const flags = reader.byte();
    const index = flags & 0x3f;
    const tag = index === OTHER_TAG ? reader.text(4) : (TAGS[index] as string);
    const version = flags >> 6;
    // For outlines 0 is the transform and 3 none; for all other tables it is the other way round.
    const isTransformed = tag === 'glyf' || tag === 'loca' ? version === 0 : version !== 0;
    const length = reader.base128();
    places.push({ tag, length: isTransformed ? reader.base128() : length, isTransformed });
  }
  const data = brotliDecompressSync(file.subarray(reader.at, reader.at + file.readUInt32BE(20)));
  const tables = new Map<string, FontTable>();
  let at = 0;
  for (const { tag, length, isTransformed } of places) {
    tables.set(tag, { bytes: data.subarray(at, at + length), isTransformed });
    at += length;
  }
  return tables;
}

/** Reads numbers one after the other, big-endian, as fonts spell them. */
export class ByteReader {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.bytes.readUInt8(this.at++);
  }

  unsigned(): number {
    this.at += 2;
    return this.bytes.readUInt16BE(this.at - 2);
  }

  signed(): number {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }

  text(length: number): string {
    this.at += length;
    return this.bytes.toString('latin1', this.at - length, this.at);
  }

  /** A length of one to five bytes, seven bits in each. WOFF2 §4.1. */
  base128(): number {
    let value = 0;
    for (let i = 0; i < 5; i++) {
      const byte = this.byte();
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    throw new Error('a length in a font does not end');
  }

  /** A number that is mostly small, in one to three bytes. WOFF2 §5.1. */
  count(): number {
    const code = this.byte();
    if (code === 253) return this.unsigned();
    if (code === 255) return this.byte() + 253;
    if (code === 254) return this.byte() + 506;
    return code;
  }
}
