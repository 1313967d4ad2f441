// SPEC §5.6: groups of one statement or challenge whose names could be taken for each other
import type { Hex32 } from '../messages/hash.ts';
import { toNormal } from '../messages/normal-form.ts';
import { lookOf } from '../messages/visible-text.ts';
import { groupId } from './group.ts';
import type { RollHeader } from './roll.ts';

/** Digits of a group's id that nobody finds again under another key: 64 bits. */
const TOLD_APART = 16;
/** Letters of other scripts, and digits, by the Latin letters that they resemble. A letter too many here costs a reader some digits. */
const RESEMBLED: Record<string, string> = {
  ...{ а: 'a', α: 'a', в: 'b', β: 'b', с: 'c', ϲ: 'c', ԁ: 'd', е: 'e', ε: 'e', є: 'e', ɡ: 'g', һ: 'h', н: 'h', η: 'n', ո: 'n' },
  ...{ і: 'l', ι: 'l', ı: 'l', i: 'l', '1': 'l', '|': 'l', ӏ: 'l', ј: 'j', к: 'k', κ: 'k', м: 'm', μ: 'm', о: 'o', ο: 'o', σ: 'o' },
  ...{ օ: 'o', '0': 'o', р: 'p', ρ: 'p', ѕ: 's', '5': 's', т: 't', τ: 't', υ: 'u', ս: 'u', ν: 'v', ѵ: 'v', ѡ: 'w', ω: 'w' },
  ...{ х: 'x', χ: 'x', у: 'y', γ: 'y', ү: 'y', ζ: 'z' },
};
/**
 * What is put behind a name, so that no name ends like one to which it was put. Each character has one place in the pattern: digits are
 * taken to the end of their run, and a full stop belongs to what follows, else names of digits would take for ever to read.
 */
const MARK_OF_GROUP = /(?:[·•∙‧・.\s-]*[0-9a-f]{8,}(?![0-9a-f])(?:[….]*…)?)+\.*$/u;

/** A name as somebody reads it in passing: without case, accents, spaces and signs, and in one script where letters resemble each other. */
function skeletonOf(name: string): string {
  const plain = lookOf(name).replace(/[\uff01-\uff5e]/gu, (char) => String.fromCodePoint((char.codePointAt(0) as number) - 0xfee0));
  const bare = toNormal(plain.toLowerCase().replace(MARK_OF_GROUP, ''), 'NFD').replace(/\p{Mn}/gu, '');
  const letters = [...bare].map((char) => RESEMBLED[char] ?? char).join('');
  const joined = letters
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
  return joined === '' ? lookOf(name) : joined;
}

/** What tells of each group whose name it is; names may be alike, ids never are. */
export function nameGroups(groups: Iterable<{ id: Hex32; name: string }>): (group: Hex32) => string {
  const named = new Map([...groups].map(({ id, name }) => [id, { name, skeleton: skeletonOf(name) }]));
  const counts = new Map<string, number>();
  for (const { skeleton } of named.values()) counts.set(skeleton, (counts.get(skeleton) ?? 0) + 1);
  return (id) => {
    const known = named.get(id);
    if (known === undefined) return `${id.slice(0, 8)}…`;
    return (counts.get(known.skeleton) ?? 0) > 1 ? `${known.name} · ${id.slice(0, TOLD_APART)}…` : known.name;
  };
}

/**
 * Gives the names of groups by their rolls: of those that could be taken for each other, which are of different issuers or only nearly of
 * one name, with the beginning of the id, so that nobody reads the one for the other; of any other group the beginning of its id. SPEC §5.6.
 */
export function nameGroupsBy(rolls: ReadonlyMap<Hex32, Pick<RollHeader, 'group'>>): (group: Hex32) => string {
  return nameGroups([...rolls].map(([id, { group }]) => ({ id, name: group.name })));
}

/** The same for headers of which nobody has made a map. */
export function nameGroupsOf(headers: readonly Pick<RollHeader, 'group'>[]): (group: Hex32) => string {
  return nameGroups(headers.map(({ group }) => ({ id: groupId(group), name: group.name })));
}
