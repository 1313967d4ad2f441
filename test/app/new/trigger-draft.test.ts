import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDraft, type Draft } from '#app/new/draft.ts';
import { noteDraftParts, readConditions, startBuilding } from '#app/new/read-conditions.ts';
import { draftOf, readTriggerDraft, type TriggerDraft, turnInto, withPart } from '#app/new/trigger-draft.ts';
import { TRIGGER_EXAMPLES } from '#app/new/trigger-examples.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { type RollHeader, signRoll } from '#lib/protocol/member/roll.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { toField } from '#lib/protocol/numbers/field.ts';
import type { Trigger } from '#lib/protocol/statement/trigger.ts';
import { describeTrigger } from '#lib/signing/trigger-words.ts';

const seed = new Uint8Array(randomBytes(32));
const headers = (
  [
    ['Staff', 120],
    ['Team leads', 12],
    ['Board', 8],
  ] as const
).map(([name, size]): RollHeader => {
  const leaves = Array.from({ length: size }, (_, i) => toField(BigInt(i + 1)));
  const group = { issuer: publicKeyOf(seed), name };
  return signRoll({ group, number: 1, time: 1_800_000_000, trustees: [], leaves, names: 'd'.repeat(64) }, seed);
});
const GROUPS = headers.map(({ group }) => groupId(group)) as [string, string, string];
const sizes = new Map(headers.map((header) => [groupId(header.group), header.size]));
const draft: Draft = { ...createDraft({ trial: true, trustees: [] }), groups: GROUPS };
const build = (built: TriggerDraft): Draft => ({ ...draft, triggerKind: 'built', built });

const small = fc.integer({ min: 1, max: 9 });
const group = fc.constantFrom(...GROUPS);
const trigger = fc.letrec<{ any: Trigger }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.record({ count: small }),
    fc.record({ group, count: small }),
    fc.record({
      weights: fc.dictionary(group, small, { minKeys: 1, maxKeys: 3 }),
      total: fc.oneof(small, fc.maxSafeNat().filter(Boolean)),
    }),
    fc.record({ all: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ atLeast: small, of: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
  ),
})).any;

describe('a condition that somebody builds', () => {
  it('is any trigger of the protocol: each can be built, and reads as what it was', () => {
    fc.assert(
      fc.property(trigger, (one) => {
        expect(readTriggerDraft(draftOf(one))).toEqual({ trigger: one, faults: [] });
      }),
    );
  });

  it('says of each part what it lacks, and tells what is not there yet from what is wrong', () => {
    const built: TriggerDraft = {
      kind: 'atLeast',
      least: 'two',
      parts: [
        { kind: 'count', count: '' },
        { kind: 'group', group: '', count: '5' },
        { kind: 'weights', weights: { [GROUPS[0]]: '', [GROUPS[1]]: '0' }, total: '7' },
        { kind: 'all', least: '', parts: [] },
        { kind: 'any', least: '', parts: [{ kind: 'count', count: '-1' }] },
      ],
    };
    const { trigger, faults } = readTriggerDraft(built);
    expect(trigger).toBeNull();
    expect(faults.map(({ path, isMissing }) => `${path.join('.')} ${isMissing}`)).toEqual([
      '0 true',
      '1 true',
      '2 true',
      '3 true',
      '4.0 false',
      ' false',
    ]);
    expect(readConditions(build(built), headers)).toMatchObject({ ok: false, code: 'BAD_TRIGGER' });
  });

  it('leaves a group without a weight out of a weighing', () => {
    const weights = { [GROUPS[0]]: '1', [GROUPS[1]]: ' 5 ', [GROUPS[2]]: '0' };
    expect(readTriggerDraft({ kind: 'weights', weights, total: '20' }).trigger).toEqual({
      weights: { [GROUPS[0]]: 1, [GROUPS[1]]: 5 },
      total: 20,
    });
  });

  it('keeps what was typed when a part becomes another kind, and puts a count into the list that it turns into', () => {
    const count: TriggerDraft = { kind: 'count', count: '7' };
    expect(turnInto(count, 'group', GROUPS)).toEqual({ kind: 'group', group: GROUPS[0], count: '7' });
    expect(turnInto(count, 'weights', GROUPS)).toMatchObject({ kind: 'weights', total: '7' });
    const list = turnInto(count, 'any', GROUPS);
    expect(list).toEqual({ kind: 'any', least: '2', parts: [count] });
    expect(turnInto(turnInto(list, 'atLeast', GROUPS), 'any', GROUPS)).toEqual(list);
    expect(withPart([count, list], 0, null)).toEqual([list]);
    expect(withPart([count, list], 1, count)).toEqual([count, count]);
  });

  it('is judged against the rolls as it is built, beside the part that is meant', () => {
    const built = draftOf({
      any: [
        { group: GROUPS[1], count: 13 },
        { group: GROUPS[0], count: 2 },
      ],
    });
    expect(noteDraftParts(build(built), built, headers).map(({ path, kind }) => `${kind} ${path.join('.')}`)).toEqual([
      'never 0',
      'raised 1',
    ]);
    expect(readConditions(build(built), headers)).toMatchObject({
      code: 'BAD_TRIGGER',
      detail: '“Team leads” has 12 members, so 13 of them can never sign.',
    });
    expect(noteDraftParts(build(built), { kind: 'count', count: '' }, headers)).toEqual([]);
  });

  it('begins with what the form asked for, and takes up what was written as JSON', () => {
    expect(startBuilding({ ...draft, total: '20' }, headers)).toEqual({ kind: 'count', count: '20' });
    expect(startBuilding(draft, headers)).toEqual({
      kind: 'all',
      least: '2',
      parts: GROUPS.map((group) => ({ kind: 'group', group, count: '' })),
    });
    const json = { ...draft, triggerKind: 'json', built: { kind: 'count', count: '3' } } as const;
    expect(startBuilding({ ...json, triggerJson: '{"any":[{"count":4}]}' }, headers)).toMatchObject({ kind: 'any' });
    expect(startBuilding({ ...json, triggerJson: '{"any":' }, headers)).toEqual(json.built);
    expect(startBuilding({ ...draft, total: '20', built: json.built }, headers)).toEqual(json.built);
  });
});

describe('the examples of conditions', () => {
  const names = new Map(headers.map((header) => [groupId(header.group), header.group.name]));
  const say = (at: number, groups = sizes) => {
    const read = readConditions(build(TRIGGER_EXAMPLES[at]!.build(groups)), headers);
    return read.ok ? describeTrigger(read.value.trigger, (id) => names.get(id) ?? id) : read.detail;
  };

  it('can be met by the groups that were chosen, and read back as what their buttons say', () => {
    expect(say(0)).toBe('5 people of Staff have signed and 5 people of Team leads have signed and 5 people of Board have signed');
    expect(say(1, new Map([...sizes].slice(0, 2)))).toBe('100 people of Staff have signed or 10 people of Team leads have signed');
    expect(say(2)).toBe(
      'at least 2 of these hold: 10 people of Staff have signed; 10 people of Team leads have signed; 8 people of Board have signed',
    );
  });

  it('are each of groups of any size above the floor', () => {
    const size = fc.integer({ min: 8, max: 300 });
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 3 }), (all) => {
        const some = headers.slice(0, all.length).map((header, i) => ({ ...header, size: all[i] as number }));
        const groups = new Map(some.map((header) => [groupId(header.group), header.size]));
        for (const { build: buildOf } of TRIGGER_EXAMPLES.filter((one) => one.groups <= all.length))
          expect(readConditions(build(buildOf(groups)), some).ok).toBe(true);
      }),
    );
  });
});
