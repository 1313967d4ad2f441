// SPEC §10.9: the names of opened tokens
import { z } from 'zod';
import { type CapsuleFile, checkOpenedName, openCapsule, openedNameShape } from '../member/capsule.ts';
import type { RollHeader } from '../member/roll.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { type Hex32, hashHex } from '../messages/hash.ts';
import { hex32, pointText, positive } from '../messages/shape.ts';
import type { PointText } from '../numbers/point.ts';

export const namesShape = z.strictObject({
  type: z.literal('names'),
  statement: hex32,
  wave: positive,
  group: hex32,
  /** One for each token, in the order of the opened list; without a name where the issuer has left no capsule for it. */
  names: z
    .array(z.union([openedNameShape, z.strictObject({ token: pointText })]))
    .min(1)
    .max(65_536),
});
/** The names of one group in one wave, each with what shows that it belongs to its token and to the roll. */
export type Names = z.infer<typeof namesShape>;

export type NamesFailure = 'NAMES_TOKENS' | 'NAME_UNPROVEN' | 'NAME_UNLISTED';

/** What is left of a name for those who show it. `name` is null where it is unreadable, which is its issuer's doing. */
export type RevealedName = { group: Hex32; wave: number; token: PointText; name: string | null };

/** Looks the names of opened tokens up in a roll's capsules, which `checkCapsules` has passed. SPEC §10.9. */
export function lookUpNames(file: CapsuleFile, place: Pick<Names, 'statement' | 'wave'>, tokens: readonly PointText[]): Names {
  const { statement, wave } = place;
  const names = tokens.map((token) => openCapsule(file, token) ?? { token });
  return { type: 'names', statement, wave, group: file.roll.group, names };
}

/**
 * Checks names against the tokens that the verifier has taken out itself, in their order, and against the header of the group's roll.
 * A token without a name passes: it counts, and is shown as unreadable. SPEC §10.9.
 */
export function checkNames(header: RollHeader, tokens: readonly PointText[], line: Names): Checked<RevealedName[], NamesFailure> {
  const { group, wave, names } = line;
  const fits = names.length === tokens.length && names.every(({ token }, i) => token.join() === tokens[i]?.join());
  if (!fits) return refuse('NAMES_TOKENS', 'the names are not those of the opened list, in its order');
  for (const opened of names) {
    const checked = 'name' in opened ? checkOpenedName(header, opened) : accept(opened);
    if (!checked.ok) return checked;
  }
  return accept(names.map((opened) => ({ group, wave, token: opened.token, name: 'name' in opened ? opened.name : null })));
}

/**
 * The signatures of each token, by the name that stands first for it: a token that stands for several signatures is one name, shown
 * once and flagged with their number. In the order of those first names. SPEC §10.8.
 */
export function countSignatures<N extends { group: Hex32; token: PointText }>(names: readonly N[]): Map<N, number> {
  const first = new Map<string, N>();
  const counts = new Map<N, number>();
  for (const name of names) {
    const key = `${name.group}/${name.token.join()}`;
    const shown = first.get(key) ?? name;
    first.set(key, shown);
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  return counts;
}

/** An opened token as it is shown: `name` is null where its issuer left none; `signatures`, how many stand for this one token. */
export type ShownToken = { seat: Hex32; group: Hex32; name: string | null; signatures: number };

/** Every token of some lines once, in the order of the circle, which says nothing about who came first. SPEC §10.8, §10.9. */
export function listSigners(lines: readonly Names[]): ShownToken[] {
  const opened = lines.flatMap(({ group, names }) => names.map((name) => ({ ...name, group })));
  const signers = [...countSignatures(opened)].map(([one, signatures]) => {
    return { seat: seatOf(one.token), group: one.group, name: 'name' in one ? one.name : null, signatures };
  });
  return orderBySeat(signers);
}

/** A copy in the order in which names stand around the circle. SPEC §10.9. */
export function orderBySeat<T extends { seat: string }>(names: readonly T[]): T[] {
  return [...names].sort((a, b) => (a.seat < b.seat ? -1 : Number(a.seat > b.seat)));
}

/** Where a name stands in the circle: names are shown ascending by this, so that no place tells anything. SPEC §10.9. */
export function seatOf(token: PointText): Hex32 {
  return hashHex('seat', { token });
}
