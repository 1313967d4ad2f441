import { decodeRollFile } from '#lib/api/roll-file.ts';
import { findBadProofs } from '#lib/proof/find-bad-proofs.ts';
import type { VerificationKey } from '#lib/proof/verification-key.ts';
import { readBodies } from '#lib/protocol/board/reader.ts';
import { checkCapsules } from '#lib/protocol/member/capsule.ts';
import { checkRollLeaves, type RollHeader } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { formatPoints, type Point, type PointText, parseCurvePoint } from '#lib/protocol/numbers/point.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { type ListText, readLists, requireKey, textsOfLines, workHere } from '#lib/protocol/record/work.ts';
import { generatorsToCommit } from '#lib/protocol/reveal/generators.ts';
import { shuffleLists } from '#lib/protocol/reveal/mix.ts';
import { openItems, type PartialList, proveOpening } from '#lib/protocol/reveal/opening.ts';
import type { SealedList } from '#lib/protocol/reveal/shuffle.ts';
import type { JobHandlers } from '#lib/room/jobs.ts';
import type { EndText, InputsText, TrusteeJobs } from './jobs.ts';

/** Items whose partials are kept together. */
const ITEMS_A_PIECE = 250;

/** What is done for each job of a trustee. Proving keys are kept by hash, so that each is prepared once. */
export function createTrusteeJobs(random: Random): JobHandlers<TrusteeJobs> {
  const keys = new Map<Hex32, VerificationKey>();
  return {
    checkRoll: ({ header, bytes }) => checkRollFile(header, bytes),
    checkCapsules: ({ header, bytes }) => {
      const checked = checkCapsules(header, bytes);
      return checked.ok ? accept(true) : checked;
    },
    readBodies: ({ context, key, listed, bodies }) => readBodies(context, { key: requireKey(key) }, listed, bodies),
    checkProofs: ({ hash, key, batch }) => {
      const kept = keys.get(hash) ?? key;
      keys.set(hash, kept);
      return findBadProofs(kept, batch, random);
    },
    checkStep: async ({ key, wave, content, inputs, step }) => {
      const checked = await workHere.checkStep({ key, wave, content, inputs: textsOf(inputs), step });
      return checked.ok ? accept(step.lists.map((list) => canonicalJson(list))) : checked;
    },
    checkOpening: ({ end: { lines, wave, content, mix }, key, opening }) =>
      workHere.checkOpening({ verificationKey: key, wave, content, mix, lists: textsOfLines(lines), opening }),
    listGenerators: ({ count }) => formatPoints(generatorsToCommit(count)),
    shuffle: ({ trustee, setting: { key, ...setting }, place, inputs, generators }) => {
      const read = requireLists(textsOf(inputs));
      const points = generators.map(requirePoint);
      const made = shuffleLists(trustee, { ...setting, key: requireKey(key) }, { ...place, inputs: read }, random, points);
      return made.map(({ list, hash }) => ({ group: list.group, hash, line: canonicalJson(list) }));
    },
    open: (input, tell) => openEnd(input, tell, random),
  };
}

/** Rebuilds a whole roll from the leaves that the platform serves. A header alone could hide a subtree of invented members (T26). */
export function checkRollFile(header: RollHeader, bytes: Uint8Array): Checked<true, 'BAD_ROLL'> {
  const file = decodeRollFile(header, bytes);
  if (!file.ok) return refuse('BAD_ROLL', file.detail);
  const leaves = checkRollLeaves(header, file.value.leaves.map(formatField));
  return leaves.ok ? accept(true) : refuse('BAD_ROLL', leaves.detail);
}

function openEnd(
  { trustee, share, key, end, done }: TrusteeJobs['open']['input'],
  tell: (piece: PointText[]) => void,
  random: Random,
): TrusteeJobs['open']['output'] {
  const chain = endOf(end);
  const items = chain.lists.flatMap((list) => list.items);
  const partials = [...done];
  while (partials.length < items.length) {
    const piece = openItems(share, { items: items.slice(partials.length, partials.length + ITEMS_A_PIECE), isWire: true });
    tell(piece);
    for (const partial of piece) partials.push(partial);
  }
  const lists = shareOut(partials, chain.lists);
  return { lists, proof: proveOpening(trustee, requireKey(key), share, chain, lists, random) };
}

function endOf({ lines, ...end }: EndText) {
  return { ...end, lists: requireLists(textsOfLines(lines)) };
}

function shareOut(partials: readonly PointText[], lists: readonly SealedList[]): PartialList[] {
  let place = 0;
  return lists.map(({ group, items }) => {
    place += items.length;
    return { group, partials: partials.slice(place - items.length, place) };
  });
}

function textsOf(inputs: InputsText): ListText[] {
  return 'entries' in inputs ? inputs.entries : textsOfLines(inputs.lines);
}

function requireLists(texts: readonly ListText[]): SealedList[] {
  const lists = readLists(texts);
  if (lists === null) throw new TypeError('lists must have been checked before');
  return lists;
}

function requirePoint(text: PointText): Point {
  const point = parseCurvePoint(text);
  if (point === null) throw new TypeError('generators must be points');
  return point;
}
