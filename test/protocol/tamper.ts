import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import { type Line, readLine } from './make-vectors/end-record.ts';

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
  const sections = lines.flatMap((other, k) => (['checkpoint', 'wave', 'mix'].includes(readLine(other).type as string) ? [k, k + 1] : []));
  const removed = { what: what('removed'), lines: rest, at: [0, 1, i, i + 1, ...sections], mayStand: isOwnChoice(lines, i) };
  const at = [i + 2, ...(type === 'mix-list' ? whereTold(lines, i) : [])];
  const doubled = { what: what('doubled'), lines: [...lines.slice(0, i + 1), ...lines.slice(i)], at, mayStand: false };
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
 * - an opening, where more than k are there;
 * - a destruction, and a cosignature without which every wave is final;
 * - in a key generation that failed, a complaint or confirm: it looks like silence; and a deal that a complaint holds.
 */
function isOwnChoice(lines: readonly string[], i: number): boolean {
  const line = readLine(lines[i] as string);
  const all = lines.map(readLine);
  const left = all.filter((_, k) => k !== i);
  const isAborted = !all.some((other) => other.type === 'checkpoint');
  if (line.type === 'destroyed') return true;
  if (line.type === 'opening') return left.filter((other) => other.type === 'opening' && other.mix === line.mix).length >= THRESHOLD;
  if (line.type === 'complaint' || line.type === 'confirm') return isAborted;
  if (line.type === 'deal') return left.some((other) => other.type === 'complaint' && canonicalJson(other.deal as Json) === lines[i]);
  return line.type === 'cosignature' && areCosigned(left);
}

const [THRESHOLD, QUORUM] = [2, 3];

/** Whether every wave is final by the cosignatures that are left, and every one of another board contradicts one of its author. */
function areCosigned(all: readonly Line[]): boolean {
  const cosignatures = all.filter((line) => line.type === 'cosignature');
  const isForged = (line: Line) => line.checkpoint === 'f0'.repeat(32);
  const [forged, honest] = [cosignatures.filter(isForged), cosignatures.filter((line) => !isForged(line))];
  const waves = all.filter((line) => line.type === 'wave').map(({ checkpoint }) => checkpoint);
  const previous = all.filter((line) => line.type === 'checkpoint').map((line) => line.previous);
  const needed = Math.max(
    0,
    ...waves.map((hash) => (previous.indexOf(hash as Json) === -1 ? previous.length : previous.indexOf(hash as Json))),
  );
  const vouching = new Set(honest.filter((line) => (line.number as number) >= needed).map((line) => line.trustee));
  const isContradicted = (line: Line) =>
    honest.some((other) => other.trustee === line.trustee && (other.number as number) >= (line.number as number));
  return (needed === 0 || vouching.size >= QUORUM) && forged.every(isContradicted);
}

/**
 * Where a change of a line is told: there; of a header, where the first message is for another statement; of a wave, at its entries;
 * of a list, at the mix that names it.
 */
function whereTold(lines: readonly string[], i: number): number[] {
  const type = readLine(lines[i] as string).type;
  if (type === 'header') return [1, lines.findIndex((text) => readLine(text).type === 'commit') + 1];
  if (type === 'mix-list') return [i + 1, lines.findLastIndex((text, k) => k < i && readLine(text).type === 'mix') + 1];
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
