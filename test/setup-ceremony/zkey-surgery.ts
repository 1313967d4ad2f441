// Takes proving keys apart and puts them together again, for tests that alter one part of them.

interface Section {
  type: number;
  data: Uint8Array;
}

export function changeSection(bytes: Uint8Array, type: number, change: (data: Uint8Array) => Uint8Array): Uint8Array {
  return join(
    bytes,
    split(bytes).map((section) => (section.type === type ? { type, data: change(section.data) } : section)),
  );
}

/** Flips the lowest bit of one byte. */
export function flipAt(position: number): (data: Uint8Array) => Uint8Array {
  return (data) => data.with(position, (data[position] as number) ^ 1);
}

const FIXED = 64 * 3 + 128 + 64 + 4;

/** Rearranges the recorded contributions. */
export function changeContributions(bytes: Uint8Array, change: (contributions: Uint8Array[]) => Uint8Array[]): Uint8Array {
  return changeSection(bytes, 10, (data) => {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const contributions: Uint8Array[] = [];
    for (let position = 68; position < data.length; ) {
      const length = FIXED + 4 + view.getUint32(position + FIXED, true);
      contributions.push(data.slice(position, position + length));
      position += length;
    }
    const changed = change(contributions);
    const count = new Uint8Array(4);
    new DataView(count.buffer).setUint32(0, changed.length, true);
    return concat([data.slice(0, 64), count, ...changed]);
  });
}

function split(bytes: Uint8Array): Section[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sections: Section[] = [];
  for (let position = 12; position < bytes.length; ) {
    const size = Number(view.getBigUint64(position + 4, true));
    sections.push({ type: view.getUint32(position, true), data: bytes.slice(position + 12, position + 12 + size) });
    position += 12 + size;
  }
  return sections;
}

function join(bytes: Uint8Array, sections: readonly Section[]): Uint8Array {
  const parts = sections.map(({ type, data }) => {
    const head = new Uint8Array(12);
    const view = new DataView(head.buffer);
    view.setUint32(0, type, true);
    view.setBigUint64(4, BigInt(data.length), true);
    return concat([head, data]);
  });
  return concat([bytes.slice(0, 12), ...parts]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
