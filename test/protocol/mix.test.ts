import { describe, expect, it } from 'vitest';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import { publicKeyOf, signMessage } from '#lib/protocol/messages/ed25519.ts';
import { parseCanonicalJson } from '#lib/protocol/messages/json.ts';
import { BASE, formatPoint, multiplyPublic, type PointText } from '#lib/protocol/numbers/point.ts';
import { randomScalar } from '#lib/protocol/numbers/random.ts';
import {
  checkStep,
  findBadSteps,
  firstPlace,
  type MixList,
  type MixPlace,
  type MixSetting,
  type MixStep,
  makeStep,
  mixHash,
  mixListHash,
  outputsOf,
  type ReadStep,
  readStep,
} from '#lib/protocol/reveal/mix.ts';
import { mixLines, parseMixLines } from '#lib/protocol/reveal/mix-lines.ts';
import { contentOf, createWave, sizeOf, startLists, type WaveEntry } from '#lib/protocol/reveal/wave-content.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { seeded } from '../circuits/signer.ts';
import { checkChain } from '../support/check-chain.ts';

const random = seeded('mixes');
const hash = (i: number) => i.toString(16).padStart(2, '0').repeat(32);
const [A, B] = [hash(0xa0), hash(0xb0)];
const STATEMENT = hash(1);
const key = multiplyPublic(BASE, randomScalar(random));
const authorOf = (trustee: number) => ({ context: { id: STATEMENT }, trustee, seed: random(32) }) as unknown as Author;
const authors = [1, 2, 3].map(authorOf);

const somePoint = () => formatPoint(multiplyPublic(BASE, randomScalar(random)));
const entry = (i: number, group: string): WaveEntry => ({
  hash: hash(i),
  group,
  nullifier: String(i * 3),
  ephemeral: somePoint(),
  sealed: somePoint(),
});
const entries = [entry(7, A), entry(8, A), entry(40, A), entry(2, B), entry(9, B)];
const wave = createWave(STATEMENT, {
  number: 1,
  checkpoint: hash(90),
  groups: [A, B].map((group) => ({ group, entries: entries.filter((one) => one.group === group).map((one) => one.hash) })),
});
const start = startLists(wave, entries);
if (!start.ok) throw new Error(start.code);
const setting: MixSetting = { statement: STATEMENT, key, wave: 1, content: contentOf(wave), start: start.value };

const make = (trustee: number, place: MixPlace) => makeStep(authors[trustee - 1] as Author, setting, place, random);
const check = (step: MixStep, place: MixPlace) => checkStep(setting, place, step);
const read = (step: MixStep, place: MixPlace): ReadStep => {
  const one = readStep(setting, place, step);
  if (!one.ok) throw new Error(one.code);
  return one.value;
};
const one = make(1, firstPlace(setting));
const readOne = read(one, firstPlace(setting));
const second: MixPlace = { step: 2, previous: mixHash(one.mix), inputs: outputsOf(readOne) };
const two = make(2, second);
/** The same step with other lists, signed by its author. */
const withLists = ({ mix, lists }: MixStep, change: (list: MixList, i: number) => MixList): MixStep => {
  const { signature: _, ...body } = mix;
  const changed = lists.map(change);
  const named = changed.map((list) => ({ group: list.group, list: mixListHash(list) }));
  return { mix: signMessage('mix', { ...body, lists: named }, authors[mix.trustee - 1]?.seed as Uint8Array), lists: changed };
};

/** As much of a statement as says who may have signed. */
const context = {
  id: STATEMENT,
  statement: { committee: { threshold: 2, trustees: authors.map(({ seed }) => ({ key: publicKeyOf(seed) })) } },
} as unknown as StatementContext;
const parse = (lines: readonly string[]) => parseMixLines(context, lines);

describe('the content of a wave', () => {
  it('is the hash of what it opens, by group, and its lists are the entries as they stand', () => {
    expect(sizeOf(wave)).toBe(5);
    expect(setting.start.map(({ group, items }) => [group, items.length])).toEqual([
      [A, 3],
      [B, 2],
    ]);
    expect(contentOf({ ...wave, checkpoint: hash(91) })).not.toBe(contentOf(wave));
    expect(contentOf({ ...wave, groups: wave.groups.toReversed() })).not.toBe(contentOf(wave));
  });

  it('fits only its own entries, in its order', () => {
    const code = (some: readonly WaveEntry[], of = wave) => {
      const lists = startLists(of, some);
      return lists.ok ? 'ok' : lists.code;
    };
    expect(code(entries)).toBe('ok');
    expect(code(entries.slice(1))).toBe('WAVE_ENTRY');
    expect(code(entries.with(0, entry(7, B)))).toBe('WAVE_ENTRY');
    expect(code(entries.with(0, entries[1] as WaveEntry))).toBe('WAVE_ENTRY');
    expect(code([...entries.slice(3), ...entries.slice(0, 3)], { ...wave, groups: wave.groups.toReversed() })).toBe('WAVE_ORDER');
    const [first, next, ...rest] = entries as [WaveEntry, WaveEntry, ...WaveEntry[]];
    const swapped = wave.groups.map(({ group, entries: hashes }, i) => ({ group, entries: i ? hashes : [hash(8), hash(7), hash(40)] }));
    expect(code([next, first, ...rest], { ...wave, groups: swapped })).toBe('WAVE_ORDER');
    expect(code([first, { ...next, nullifier: first.nullifier }, ...rest])).toBe('WAVE_ORDER');
  });
});

describe('a step of a mix', () => {
  it('shuffles every list of a wave, and the next one shuffles what it made', () => {
    expect(check(one, firstPlace(setting)).ok).toBe(true);
    expect(check(two, second).ok).toBe(true);
    expect(findBadSteps([readOne, read(two, second)])).toEqual([]);
  });

  it('is lines in canonical form: the mix, then its lists', () => {
    const lines = mixLines(two);
    expect(lines.every((line) => parseCanonicalJson(line).ok)).toBe(true);
    expect(parse(lines)).toEqual({ ok: true, value: two });
  });

  it('is read signature first, with exactly the lists that it names', () => {
    const [head, ...lists] = mixLines(two) as [string, ...string[]];
    const altered = head.replace('"step":2', '"step":1');
    const opened: string[] = [];
    const watched = function* () {
      for (const line of [altered, ...lists]) {
        opened.push(line);
        yield line;
      }
    };
    expect(parseMixLines(context, watched())).toMatchObject({ code: 'TRUSTEE_SIGNATURE' });
    expect(opened).toEqual([altered]);
    expect(parse([head, ...lists.slice(1)])).toMatchObject({ code: 'MIX_LIST' });
    expect(parse([head, ...lists, lists[0] as string])).toMatchObject({ code: 'MIX_LIST' });
    expect(parse([head, lists[0] as string, head])).toMatchObject({ code: 'BAD_SHAPE' });
    expect(parse([head, 'null'])).toMatchObject({ code: 'NOT_JSON' });
    expect(parse([lists[0] as string])).toMatchObject({ code: 'BAD_SHAPE' });
    expect(parse([])).toMatchObject({ code: 'NOT_JSON' });
  });

  it('is refused at another place or for another wave', () => {
    const elsewhere: [MixSetting, MixPlace][] = [
      [setting, second],
      [{ ...setting, content: hash(3) }, firstPlace(setting)],
      [{ ...setting, wave: 2 }, firstPlace(setting)],
      [setting, { ...firstPlace(setting), previous: hash(3) }],
    ];
    for (const [of, place] of elsewhere) expect(checkStep(of, place, one)).toMatchObject({ code: 'MIX_WAVE' });
  });

  it('is refused without exactly the lists that it names, one for each group', () => {
    const faults: MixStep[] = [
      { ...one, lists: one.lists.slice(1) },
      { ...one, lists: one.lists.toReversed() },
      { ...one, lists: two.lists },
      withLists({ ...one, lists: one.lists.slice(1) }, (list) => list),
      withLists({ ...one, lists: one.lists.toReversed() }, (list) => list),
      withLists(one, (list) => ({ ...list, statement: hash(3) })),
      withLists(one, (list) => ({ ...list, items: list.items.slice(1) })),
      withLists(one, (list) => ({ ...list, proof: { ...list.proof, sHat: list.proof.sHat.slice(1) } })),
      withLists(one, (list) => ({ ...list, proof: { ...list.proof, c: [...list.proof.c, list.proof.c[0] as PointText] } })),
    ];
    for (const fault of faults) expect(check(fault, firstPlace(setting))).toMatchObject({ code: 'MIX_LIST' });
  });

  it('is refused with a point off the curve, and with an item that means the identity', () => {
    const off: PointText = ['1', '1'];
    const [first, ...rest] = (one.lists[0] as MixList).items as [readonly [PointText, PointText], ...(readonly [PointText, PointText])[]];
    for (const wrong of [
      off,
      ['0', '1'] as const,
      ['0', '21888242871839275222246405745257275088548364400416034343698204186575808495616'] as const,
    ]) {
      const fault = withLists(one, (list, i) => (i === 0 ? { ...list, items: [[first[0], wrong], ...rest] } : list));
      expect(check(fault, firstPlace(setting))).toMatchObject({ code: 'BAD_POINT' });
    }
  });

  it('T43: that is not proven is found among others, whatever its author signs, and its author is named', () => {
    const exchanged = withLists(one, (list) => ({ ...list, items: list.items.toReversed() }));
    expect(check(exchanged, firstPlace(setting))).toMatchObject({ code: 'MIX_PROOF', detail: 'the step of trustee 1 is not proven' });
    const bad = read(exchanged, firstPlace(setting));
    expect(findBadSteps([readOne, bad, read(two, second)])).toEqual([bad.hash]);
  });

  it('T48: made by one trustee cannot be sent as the step of another', () => {
    const { signature: _, ...body } = one.mix;
    const taken = { ...one, mix: signMessage('mix', { ...body, trustee: 3 }, authors[2]?.seed as Uint8Array) };
    expect(publicKeyOf(authors[2]?.seed as Uint8Array)).not.toBe(publicKeyOf(authors[0]?.seed as Uint8Array));
    expect(check(taken, firstPlace(setting))).toMatchObject({ code: 'MIX_PROOF' });
  });
});

describe('a chain, as a record holds it', () => {
  const keys = authors.map(({ seed }) => publicKeyOf(seed));
  const checkAll = (...steps: MixStep[]) => checkChain(setting, { threshold: 2, keys }, steps);
  const codes = (...steps: MixStep[]) => checkAll(...steps).faults.map(({ step, code }) => `${step} ${code}`);

  it('ends with the lists of its last step', () => {
    const { faults, end } = checkAll(one, two);
    expect(faults).toEqual([]);
    expect(end).toMatchObject({ wave: 1, content: setting.content, mix: mixHash(two.mix) });
    expect(end?.lists.map(({ items }) => items.map((item) => item.map(formatPoint)))).toEqual(two.lists.map(({ items }) => items));
  });

  it('fails with each fault at its step', () => {
    const exchanged = withLists(one, (list) => ({ ...list, items: list.items.toReversed() }));
    const onExchanged = { step: 2, previous: mixHash(exchanged.mix), inputs: outputsOf(read(exchanged, firstPlace(setting))) };
    expect(codes(one)).toEqual(['2 MIX_CHAIN']);
    expect(codes(two)).toEqual(['1 MIX_WAVE']);
    expect(codes(one, one)).toEqual(['2 MIX_WAVE']);
    expect(codes(one, make(1, second))).toEqual(['2 MIX_CHAIN']);
    expect(codes(one, two, two)).toEqual(['3 MIX_WAVE']);
    expect(codes(exchanged, two)).toEqual(['2 MIX_WAVE', '1 MIX_PROOF']);
    expect(codes(exchanged, make(2, onExchanged))).toEqual(['1 MIX_PROOF']);
    expect(checkAll(exchanged, make(2, onExchanged)).end).not.toBeNull();
    expect(codes(one, { ...two, lists: one.lists })).toEqual(['2 MIX_LIST']);
  });
});
