import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import { type Line, readLine } from './make-vectors/seal-record.ts';

/** A record in which one thing was changed. */
export type Tampering = {
  what: string;
  lines: string[];
  /** Lines of the changed record at which a failure tells it; 0 stands for a failure about something missing. */
  at: number[];
  /** Whether the platform could as well have written this in the first place: see `isOwnChoice`. */
  mayStand: boolean;
};

/** Every change of one thing in a line: each leaf, each member taken away or added, each element taken away, doubled, exchanged. */
export function tamperWithFields(lines: readonly string[], i: number): Tampering[] {
  const line = readLine(lines[i] as string);
  return changesOf(line).map(([path, changed]) => ({
    what: `line ${i + 1} (${line.type}), ${path}`,
    lines: lines.map((text, k) => (k === i ? canonicalJson(changed) : text)),
    at: whereTold(lines, i),
    // Signed again, these come out as they were, or are a later time of writing.
    mayStand: line.type === 'end' && /^\.(lines|hash|signature) |^\.time \+ 1$/.test(path),
  }));
}

/** Every change of the place of a line: taken away, doubled, moved. */
export function tamperWithPlaces(lines: readonly string[], i: number): Tampering[] {
  const text = lines[i] as string;
  const type = readLine(text).type as string;
  const rest = lines.filter((_, k) => k !== i);
  const what = (change: string) => `line ${i + 1} (${type}) ${change}`;
  const sections = lines.flatMap((other, k) => (['checkpoint', 'wave'].includes(readLine(other).type as string) ? [k, k + 1] : []));
  const removed = { what: what('removed'), lines: rest, at: [0, 1, i, i + 1, ...sections], mayStand: isOwnChoice(lines, i) };
  const doubled = { what: what('doubled'), lines: [...lines.slice(0, i + 1), ...lines.slice(i)], at: [i + 2], mayStand: false };
  const moved = [...new Set([1, i - 1, i + 1, i + 2, i + 5, lines.length - 2, lines.length - 1])]
    .filter((to) => to >= 0 && to < lines.length && to !== i)
    .map((to) => ({
      what: what(`moved to ${to + 1}`),
      lines: [...rest.slice(0, to), text, ...rest.slice(to)],
      at: [0, 1, i + 1, i + 2, to + 1, to + 2, ...sections],
      mayStand: false,
    }));
  return [removed, doubled, ...moved];
}

/**
 * What a platform may leave out of a record, because nothing in the file shows that it was ever there and nothing else is
 * changed by it. Each is a signed message of a trustee, which the trustee can show from its own copy:
 * - an opening: one that comes too late is not in the record either;
 * - a destruction, and a cosignature that no wave needs to be final;
 * - in a key generation that failed, a complaint or confirm: it looks like silence.
 */
function isOwnChoice(lines: readonly string[], i: number): boolean {
  const { type } = readLine(lines[i] as string);
  if (type === 'opening' || type === 'destroyed') return true;
  const all = lines.map(readLine);
  const isAborted = !all.some((line) => line.type === 'checkpoint');
  if (type === 'complaint' || type === 'confirm') return isAborted;
  if (type !== 'cosignature') return false;
  const left = all.filter((line, k) => line.type === 'cosignature' && k !== i);
  const known = all.filter((line) => line.type === 'checkpoint').length;
  const isForked = (line: Line) => left.some((other) => other !== line && other.trustee === line.trustee && other.number === line.number);
  const signed = (number: number) => left.filter((line) => line.number === number && !isForged(line)).length;
  const needed = Math.max(0, ...all.flatMap((line) => (line.type === 'wave' ? [checkpointOf(line)] : [])));
  // A cosignature of another board stands only beside one of this board by the same trustee.
  if (left.some((line) => isForged(line) && !isForked(line))) return false;
  return needed === 0 || Array.from({ length: known }, (_, k) => k + 1).some((number) => number >= needed && signed(number) >= 2);

  function isForged(line: Line): boolean {
    return line.checkpoint === 'f0'.repeat(32);
  }
  function checkpointOf(wave: Line): number {
    return all.find((line) => line.type === 'cosignature' && line.checkpoint === wave.checkpoint)?.number as number;
  }
}

/** Where a change of a line is told: there; of a header, where the first message is for another statement; of a wave, at its openings. */
function whereTold(lines: readonly string[], i: number): number[] {
  const type = readLine(lines[i] as string).type;
  if (type === 'header') return [1, lines.findIndex((text) => readLine(text).type === 'commit') + 1];
  return type === 'wave' ? [i + 1, i + 2] : [i + 1];
}

/** The value with one thing changed, in every way, and where. */
function changesOf(value: Json, path = ''): [string, Json][] {
  if (typeof value === 'number') return [[`${path} + 1`, value + 1]];
  if (typeof value === 'boolean') return [[`${path} negated`, !value]];
  if (typeof value === 'string') return [[`${path} altered`, alterText(value)]];
  if (Array.isArray(value)) return changesOfList(value, path);
  const members = Object.entries(value as Record<string, Json>);
  return [
    [`${path} with a member more`, { ...(value as object), extra: 1 } as Json],
    ...members.map(([key]): [string, Json] => [`${path}.${key} removed`, Object.fromEntries(members.filter(([other]) => other !== key))]),
    ...members.flatMap(([key, member]) =>
      changesOf(member, `${path}.${key}`).map(([where, changed]): [string, Json] => [
        where,
        { ...(value as object), [key]: changed } as Json,
      ]),
    ),
  ];
}

function changesOfList(list: readonly Json[], path: string): [string, Json][] {
  const replaced = (from: number, count: number, ...by: Json[]): Json => [...list.slice(0, from), ...by, ...list.slice(from + count)];
  return list.flatMap((element, i): [string, Json][] => {
    const next = list[i + 1];
    const isDifferent = next !== undefined && JSON.stringify(next) !== JSON.stringify(element);
    return [
      [`${path}[${i}] removed`, replaced(i, 1)],
      [`${path}[${i}] doubled`, replaced(i, 1, element, element)],
      ...(isDifferent ? ([[`${path}[${i}] exchanged with the next`, replaced(i, 2, next, element)]] as [string, Json][]) : []),
      ...changesOf(element, `${path}[${i}]`).map(([where, changed]): [string, Json] => [where, replaced(i, 1, changed)]),
    ];
  });
}

/** One character changed, so that hexadecimal stays hexadecimal and a canonical number canonical. */
function alterText(text: string): string {
  const last = text.at(-1) as string;
  return text.slice(0, -1) + (last === '0' ? '1' : last === '1' ? '2' : /[2-9a-f]/.test(last) ? '0' : 'e');
}
