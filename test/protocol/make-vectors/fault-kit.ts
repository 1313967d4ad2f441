import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import { hashHex, type Tag } from '#lib/protocol/messages/hash.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import { writeRecord } from '#test/support/record-parts.ts';
import { endAgain, type Line, readLine } from './end-record.ts';
import type { RecordName, RecordScene } from './records.ts';

/** `line` is where `expect` must be reported: 0 where the fault is that something is missing. `unended`: the last line feed is missing. */
export type RecordFault = { name: string; base: RecordName; lines: string[]; expect: string; line: number; unended?: true };

export const OFF_CURVE = ['1', '1'];

export type FaultKit = ReturnType<typeof createFaultKit>;

/** Ways to spoil a good record in one thing. All but those of the end itself are signed for again by the platform. */
export function createFaultKit(base: RecordName, { scene, parts }: RecordScene) {
  const lines = writeRecord(parts);
  const seeds = scene.committee.seeds;
  /** The place of the nth line of a type, from 0. */
  const find = (type: string, nth = 0, within: readonly string[] = lines) =>
    within.flatMap((text, i) => (readLine(text).type === type ? [i] : [])).at(nth) as number;
  const fault = (expect: string, name: string, changed: string[], line: number): RecordFault => ({
    name,
    base,
    lines: changed,
    expect,
    line,
  });
  const change = (at: number, make: (line: Line) => object, within: readonly string[] = lines) =>
    within.map((text, i) => (i === at ? canonicalJson(make(readLine(text)) as Json) : text));
  /** Signed again by the trustee that a line names. */
  const resign = (line: Line, members: object): Line => {
    const { signature: _, ...body } = { ...line, ...members } as Line;
    return signMessage(body.type as Tag, body, seeds[(body.trustee as number) - 1] as Uint8Array) as unknown as Line;
  };
  return {
    ...{ base, lines, seeds, find, fault, change, resign },
    /** The nth line of a type, changed. */
    altered: (expect: string, name: string, type: string, make: (line: Line) => object, nth = 0) =>
      fault(expect, name, endAgain(change(find(type, nth), make)), find(type, nth) + 1),
    /** The same, signed by its trustee. */
    resigned: (expect: string, name: string, type: string, make: (line: Line) => object, nth = 0) =>
      fault(expect, name, endAgain(change(find(type, nth), (line) => resign(line, make(line)))), find(type, nth) + 1),
    /** Without some lines, counted from one place. */
    without: (at: number, count = 1) => endAgain([...lines.slice(0, at), ...lines.slice(at + count)]),
    swapped: (i: number, j: number) =>
      endAgain(lines.map((text, k) => (k === i ? (lines[j] as string) : k === j ? (lines[i] as string) : text))),
    /** A list of a mix changed, with its author's word for it. */
    relisted: (expect: string, name: string, make: (line: Line) => object, told: 'mix' | 'mix-list' = 'mix') => {
      const [mix, list] = [find('mix'), find('mix-list')];
      const changed = make(readLine(lines[list] as string)) as Line;
      const named = (line: Line) => {
        const [first, ...rest] = line.lists as Line[];
        return { lists: [{ ...first, list: hashHex('mix-list', changed) }, ...rest] };
      };
      const withList = change(list, () => changed);
      return fault(expect, name, endAgain(change(mix, (line) => resign(line, named(line)), withList)), find(told) + 1);
    },
  };
}
