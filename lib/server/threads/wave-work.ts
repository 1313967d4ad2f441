// What threads do for a wave: checking steps and openings, reading names. Nothing here may need Next.
import { checkCapsules } from '#lib/protocol/member/capsule.ts';
import { accept, type Checked } from '#lib/protocol/messages/checked.ts';
import { canonicalJson, parseJson } from '#lib/protocol/messages/json.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import { formatPoints, type PointText } from '#lib/protocol/numbers/point.ts';
import { startTexts, textsOfLines, workHere } from '#lib/protocol/record/work.ts';
import { type MixList, mixListHash, mixListShape } from '#lib/protocol/reveal/mix.ts';
import { lookUpNames, type Names } from '#lib/protocol/reveal/names.ts';
import type { Opening } from '#lib/protocol/reveal/opening.ts';
import { clearTexts, takeTokens } from '#lib/protocol/reveal/tokens.ts';
import type { Jobs, NamesText, OpeningText, StepText } from './jobs.ts';

/** Reads the lists of a step and checks its proofs against what it shuffles. */
export async function checkMix({ key, wave, content, mix, lists, inputs }: StepText): Promise<Jobs['checkMix']['output']> {
  const read: MixList[] = [];
  for (const line of lists) {
    const list = readList(line);
    if (!list.ok) return list;
    read.push(list.value);
  }
  const step = { mix, lists: read };
  const checked = await workHere.checkStep({
    key,
    wave,
    content,
    inputs: 'lists' in inputs ? textsOfLines(inputs.lists) : startTexts(inputs.wave, inputs.entries),
    step,
  });
  return checked.ok ? accept(read.map((list) => ({ hash: mixListHash(list), body: canonicalJson(list) }))) : checked;
}

function readList(line: string): Checked<MixList, 'NOT_JSON' | 'BAD_SHAPE'> {
  const parsed = parseJson(line);
  return parsed.ok ? checkShape(mixListShape, parsed.value) : parsed;
}

export async function checkOpeningInPieces({ verificationKeys, wave, content, mix, lists, opening }: OpeningText): Promise<boolean> {
  const read = JSON.parse(opening) as Opening;
  const verificationKey = verificationKeys[read.trustee - 1] as PointText;
  return (await workHere.checkOpening({ verificationKey, wave, content, mix, lists: textsOfLines(lists), opening: read })).ok;
}

/** The lines of names that lists of opened chains give. A token without a readable capsule stands alone. SPEC §10.8. */
export function readNames({ statement, header, capsules, parts }: NamesText): Names[] {
  const file = checkCapsules(header, capsules);
  if (!file.ok) throw new Error('the stored capsules are not those of the roll');
  return parts.map(({ wave, place, list, openings }) => {
    const { items } = JSON.parse(list) as MixList;
    const partials = openings.map(({ trustee, lists }) => ({ trustee, points: clearTexts(lists[place]?.partials ?? []) }));
    const tokens = formatPoints(takeTokens(clearTexts(items.map(([, sealed]) => sealed)), partials));
    return lookUpNames(file.value, { statement, wave }, tokens);
  });
}
