import type { Author } from '#lib/protocol/key/key-generation.ts';
import { checkCapsules } from '#lib/protocol/member/capsule.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { formatPoint, parseScalar, type Scalar, toScalar } from '#lib/protocol/numbers/point.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import {
  firstPlace,
  listOf,
  type MixList,
  type MixPlace,
  type MixSetting,
  type MixStep,
  makeStep,
  mixHash,
  mixListHash,
} from '#lib/protocol/reveal/mix.ts';
import { lookUpNames } from '#lib/protocol/reveal/names.ts';
import { type ChainEnd, makeOpening, type Opening } from '#lib/protocol/reveal/opening.ts';
import { clearTexts, takeTokens } from '#lib/protocol/reveal/tokens.ts';
import type { MadeCommittee, MadeGroup } from './stage.ts';

/** `faulty` spoils the last step and the last opening, each signed by its author. `tell` hears what is being made. */
type Plan = { committee: MadeCommittee; threshold: number; groups: readonly MadeGroup[]; random: Random; faulty: boolean; tell: Tell };
type Tell = (what: string) => void;

/** The messages of a wave after its entries: the steps of its first k trustees with their lists, everybody's opening, the names. */
export function* revealSampleWave(setting: MixSetting, plan: Plan): Generator<Json> {
  const { committee, threshold, faulty, tell } = plan;
  let place: MixPlace = firstPlace(setting);
  let last: MixStep | null = null;
  for (const author of committee.authors.slice(0, threshold)) {
    tell(`the step of trustee ${author.trustee}`);
    const made = makeStep(author, setting, place, plan.random);
    last = faulty && place.step === threshold ? spoilStep(made, author) : made;
    yield last.mix;
    yield* last.lists;
    place = { step: place.step + 1, previous: mixHash(last.mix), inputs: last.lists.map(listOf) };
  }
  const { statement, wave, content } = setting;
  const end = { statement, wave, content, mix: place.previous, lists: place.inputs };
  const openings: Opening[] = [];
  for (const author of committee.authors) {
    tell(`the opening of trustee ${author.trustee}`);
    openings.push(openBy(author, end, plan));
  }
  yield* openings;
  tell('the names');
  for (const [i, list] of (last?.lists ?? []).entries()) yield namesOf(setting, list, i, openings.slice(0, threshold), plan.groups);
}

function openBy(author: Author, end: ChainEnd, { committee, random, faulty }: Plan): Opening {
  const share = committee.shares[author.trustee - 1] as Scalar;
  const opening = makeOpening(author, committee.keyed, share, end, true, random);
  return faulty && author === committee.authors.at(-1) ? spoilOpening(opening, author) : opening;
}

function namesOf(setting: MixSetting, list: MixList, place: number, openings: readonly Opening[], groups: readonly MadeGroup[]) {
  const group = groups.find(({ id }) => id === list.group) as MadeGroup;
  const file = checkCapsules(group.header, group.capsules);
  if (!file.ok) throw new Error(file.code);
  const partials = openings.map(({ trustee, lists }) => ({ trustee, points: clearTexts(lists[place]?.partials ?? []) }));
  const tokens = takeTokens(clearTexts(list.items.map(([, sealed]) => sealed)), partials).map(formatPoint);
  return lookUpNames(file.value, setting, tokens);
}

/** Changes one response of a proof; the author signs the result, so that nobody else can be at fault. */
function spoilStep({ mix, lists }: MixStep, { seed }: Author): MixStep {
  const spoilt = lists.map((list) => {
    const [first, ...rest] = list.proof.sPrime;
    const other = toScalar((parseScalar(first as string) as bigint) + 1n).toString(10);
    return { ...list, proof: { ...list.proof, sPrime: [other, ...rest] } };
  });
  const { signature: _, ...body } = mix;
  return {
    mix: signMessage('mix', { ...body, lists: spoilt.map((list) => ({ group: list.group, list: mixListHash(list) })) }, seed),
    lists: spoilt,
  };
}

/** Exchanges two partial openings; likewise. */
function spoilOpening({ signature: _, ...body }: Opening, { seed }: Author): Opening {
  const lists = body.lists.map(({ group, partials: [first, second, ...rest] }) => ({
    group,
    partials: [second, first, ...rest] as Opening['lists'][number]['partials'],
  }));
  return signMessage('opening', { ...body, lists }, seed);
}
