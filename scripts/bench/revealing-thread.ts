// A thread that plays a trustee or the platform in the reveal of one wave: the protocol's own functions, and what they read and send as
// it stands in messages.
import { serveRoom } from '#lib/host/serve-room.ts';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { checkCapsules } from '#lib/protocol/member/capsule.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { formatPoint, type Point, type PointText, parseCurvePoint, type Scalar } from '#lib/protocol/numbers/point.ts';
import { pointMeant } from '#lib/protocol/numbers/wire-point.ts';
import { checkStep, firstPlace, listOf, type MixPlace, type MixSetting, makeStep, mixHash, outputsOf } from '#lib/protocol/reveal/mix.ts';
import { mixLines, parseMixLines } from '#lib/protocol/reveal/mix-lines.ts';
import { lookUpNames, type Names } from '#lib/protocol/reveal/names.ts';
import { type ClearedOpening, checkOpening, makeOpening, type Opening } from '#lib/protocol/reveal/opening.ts';
import type { ItemText } from '#lib/protocol/reveal/shuffle.ts';
import { takeTokens } from '#lib/protocol/reveal/tokens.ts';
import { random } from './sealed-wave.ts';

/** What a party starts from. `author` and `share` are a trustee's; the platform has the capsules instead. */
export type Begin = {
  do: 'begin';
  context: Author['context'];
  setting: { statement: string; wave: number; content: string; group: string; key: PointText; items: ItemText[] };
  verificationKeys: PointText[];
  author?: { trustee: number; seed: Uint8Array; share: Scalar };
  roll?: { header: RollHeader; capsules: Uint8Array };
};
export type RevealTask =
  | Begin
  | { do: 'mix' }
  | { do: 'hear-step'; lines: string[] }
  | { do: 'open' }
  | { do: 'hear-opening'; opening: Opening }
  | { do: 'names' };
export type RevealJobs = { serve: { input: RevealTask; output: Done } };
export type Done = { lines?: string[]; opening?: Opening; names?: Names };

type Party = { begin: Begin; setting: MixSetting; keyed: Pick<Keyed, 'verificationKeys'>; place: MixPlace; cleared: ClearedOpening[] };

let party: Party | null = null;

function serve(duty: RevealTask): Done {
  if (duty.do === 'begin') {
    party = begin(duty);
    return {};
  }
  const known = party as Party;
  switch (duty.do) {
    case 'mix':
      return mix(known);
    case 'hear-step':
      return hearStep(known, duty.lines);
    case 'open':
      return open(known);
    case 'hear-opening':
      return hearOpening(known, duty.opening);
    case 'names':
      return findNames(known);
  }
}

function begin(duty: Begin): Party {
  const { statement, wave, content, group, key, items } = duty.setting;
  const pairs = items.map(([ephemeral, sealed]) => [read(ephemeral), read(sealed)] as const);
  const setting = { statement, key: read(key), wave, content, start: [{ group, items: pairs, isWire: false }] };
  return { begin: duty, setting, keyed: { verificationKeys: duty.verificationKeys.map(read) }, place: firstPlace(setting), cleared: [] };
}

function mix(known: Party): Done {
  const step = makeStep(authorOf(known), known.setting, known.place, random);
  known.place = { step: known.place.step + 1, previous: mixHash(step.mix), inputs: step.lists.map(listOf) };
  return { lines: mixLines(step) };
}

function hearStep(known: Party, lines: readonly string[]): Done {
  const step = must(parseMixLines(known.begin.context, lines));
  const checked = must(checkStep(known.setting, known.place, step));
  known.place = { step: known.place.step + 1, previous: checked.hash, inputs: outputsOf(checked) };
  return {};
}

function open(known: Party): Done {
  const share = known.begin.author?.share as Scalar;
  return { opening: makeOpening(authorOf(known), known.keyed as Keyed, share, endOf(known), true, random) };
}

function hearOpening(known: Party, opening: Opening): Done {
  known.cleared.push(must(checkOpening(known.keyed, endOf(known), opening)));
  return {};
}

function findNames(known: Party): Done {
  const { roll, setting } = known.begin;
  if (!roll) throw new Error('only the platform looks names up');
  const file = must(checkCapsules(roll.header, roll.capsules));
  const sealed = (known.place.inputs[0]?.items ?? []).map(([, wire]) => pointMeant(wire));
  const partials = known.cleared.map(({ trustee, lists }) => ({ trustee, points: lists[0]?.points ?? [] }));
  return { names: lookUpNames(file, setting, takeTokens(sealed, partials).map(formatPoint)) };
}

function endOf({ setting: { statement, wave, content }, place }: Party) {
  return { statement, wave, content, mix: place.previous, lists: place.inputs };
}

function authorOf({ begin: { author, context } }: Party): Author {
  if (!author) throw new Error('the platform neither mixes nor opens');
  return { context, trustee: author.trustee, seed: author.seed };
}

function read(text: PointText): Point {
  const point = parseCurvePoint(text);
  if (point === null) throw new Error('a point of the bench is not on the curve');
  return point;
}

function must<T>(checked: { ok: true; value: T } | { ok: false; code: string }): T {
  if (!checked.ok) throw new Error(checked.code);
  return checked.value;
}

serveRoom<RevealJobs>({ serve });
