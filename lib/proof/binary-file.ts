// The container of snarkjs's files: four letters, a version, numbered sections, each with its length. Numbers are little-endian.

/** Says where a file is not what it should be. */
export class LayoutError extends Error {}

/**
 * The sections of a file by their numbers, as views of it. Checks the layout down to the last byte.
 *
 * @throws LayoutError for other letters or another version, a section above `most` or there twice, missing or further bytes
 */
export function readSections(bytes: Uint8Array, format: { letters: string; version: number; most: number }): Map<number, Uint8Array> {
  const reader = new ByteReader(bytes);
  const { letters, version, most } = format;
  if (new TextDecoder().decode(reader.take(4)) !== letters || reader.u32() !== version) {
    throw new LayoutError(`not a ${letters} file of version ${version}`);
  }
  const count = reader.u32();
  const sections = new Map<number, Uint8Array>();
  for (let i = 0; i < count; i++) {
    const type = reader.u32();
    const size = reader.u64();
    if (sections.has(type) || type < 1 || type > most) throw new LayoutError(`section ${type} is unknown or there twice`);
    sections.set(type, reader.take(size));
  }
  if (!reader.atEnd || sections.size !== most) throw new LayoutError('sections are missing, or bytes follow the last');
  return sections;
}

/** Takes bytes from the front. @throws LayoutError at the end of them */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  take(length: number): Uint8Array {
    if (this.#position + length > this.#bytes.length) throw new LayoutError('the file ends in the middle of something');
    this.#position += length;
    return this.#bytes.subarray(this.#position - length, this.#position);
  }

  u8(): number {
    return this.take(1)[0] as number;
  }

  u32(): number {
    this.take(4);
    return this.#view.getUint32(this.#position - 4, true);
  }

  u64(): number {
    this.take(8);
    const value = this.#view.getBigUint64(this.#position - 8, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new LayoutError('a section of impossible size');
    return Number(value);
  }
}
