import { beforeAll, describe, expect, it } from 'vitest';
import {
  describeFutureSeal,
  describeIssued,
  describeOutcome,
  describeRest,
  listCaveats,
  listSteps,
} from '#lib/checking/describe-report.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import { noneOfEach, type RecordReport, STEPS, type Step } from '#lib/protocol/record/report.ts';
import { readManifest, setStage } from '../signing/stage.ts';

let manifest: Manifest;
let plain: RecordReport;
beforeAll(async () => {
  const { context } = await setStage();
  manifest = await readManifest();
  plain = {
    ok: true,
    failures: [],
    failed: noneOfEach(),
    checked: Object.fromEntries(STEPS.map((step) => [step, 1])) as Record<Step, number>,
    lines: 9,
    statement: context.statement,
    id: context.id,
    groups: [{ id: 'a', name: 'Harbour pilots', issuer: 'e'.repeat(64), size: 9 }],
    state: 'open',
    writtenAt: 1,
    hash: 'd'.repeat(64),
    signatures: 3,
    names: [],
    openedBy: [],
    destroyedBy: [],
    culprits: [],
    equalNames: [],
    equalTokens: 0,
    unopened: [],
    head: null,
  };
});
const withSetup = (setup: 'dev' | 'ceremony'): Manifest => ({ ...manifest, keys: manifest.keys.map((key) => ({ ...key, setup })) });
const caveats = (change: Partial<RecordReport>) => listCaveats({ ...plain, ...change }, withSetup('ceremony'));

describe('telling what a check has shown', () => {
  it('gives each step as passed, failed or empty', () => {
    const steps = listSteps({ failed: { ...plain.failed, proofs: 1 }, checked: { ...plain.checked, names: 0, end: 0 } });
    expect(steps.map(({ step }) => step)).toEqual([...STEPS]);
    expect(steps.filter(({ passed }) => passed === false)).toMatchObject([{ step: 'proofs', checked: 1, failed: 1 }]);
    expect(steps.filter(({ passed }) => passed === null)).toMatchObject([{ step: 'names' }, { step: 'end' }]);
    const said = Object.fromEntries(steps.map(({ step, sentence }) => [step, sentence]));
    expect(said.rolls).toMatch(/^Every roll is signed/);
    expect(said.proofs).toMatch(/^It does not hold that every signature/);
    expect(said.end).toBe('Not checked: whether the file is whole and unchanged since the platform wrote it.');
  });

  it('says when a list of failures is not all of them', () => {
    const failures = [{ line: 4, step: 'proofs' as const, code: 'BAD_PROOF', detail: '' }];
    expect(describeRest({ failures, failed: { ...plain.failed, proofs: 1 } })).toBeNull();
    expect(describeRest({ failures, failed: { ...plain.failed, proofs: 1, end: 6 } })).toMatch(/^These are 1 of 7 failures/);
  });

  it('has nothing to add to a plain record, unless its key was made for trials', () => {
    expect(caveats({})).toEqual([]);
    expect(listCaveats(plain, withSetup('dev'))).toEqual([expect.stringContaining('development key')]);
  });

  it('says what cannot be checked again, what is only attested, which names are doubtful and who is at fault', () => {
    expect(caveats({ unopened: [{ number: 2, content: 'ab' }] })[0]).toMatch(/^Trustees say that 1 more wave of names was due/);
    const { deadline, grace } = plain.statement as NonNullable<RecordReport['statement']>;
    const ended = caveats({ writtenAt: deadline + grace, state: 'unvouched', destroyedBy: [1, 2] });
    expect(ended[0]).toMatch(/^What these trustees saw at the end is not in this record: trustee 3/);
    expect(caveats({ destroyedBy: [1, 2] })).toEqual([expect.stringContaining('their word')]);
    expect(caveats({ equalNames: ['Ann Lee'] })[0]).toContain('\u2068“Ann Lee”\u2069 stands more than once');
    const unreadable = { token: ['1', '2'] as const, group: 'a', wave: 1, name: null };
    expect(caveats({ names: [unreadable] }).slice(1)).toEqual([
      `Of 1 signature of \u2068“Harbour pilots”\u2069 the name is unreadable: its issuer, with the key ${'e'.repeat(64)}, left no capsule that opens.`,
    ]);
    expect(describeIssued(plain.groups[0]!)).toBe(`“Harbour pilots”: 9 members, issuer's key ${'e'.repeat(64)}`);
    expect(caveats({ equalTokens: 1 })).toEqual(['1 signature bears a name that the same roll holds twice.']);
    expect(
      caveats({
        culprits: [
          { trustee: 2, reason: 'BAD_SHARE' },
          { trustee: 3, reason: 'FORKED' },
        ],
      }),
    ).toEqual([
      'Trustee 2 (\u2068“Trustee 2”\u2069) gave another trustee a wrong share of the key.',
      'Trustee 3 (\u2068“Trustee 3”\u2069) signed two things of which only one can be so: two boards, or two messages in making the key.',
    ]);
  });

  it('lists names that stand more than once up to a bound', () => {
    const many = caveats({ equalNames: Array.from({ length: 300 }, (_, i) => `Name ${i}`) });
    expect(many).toHaveLength(1);
    expect(many[0]).toMatch(/^300 names stand more than once, among them .“Name 0”., .*“Name 9”.\. Each is/);
    expect(caveats({ equalNames: ['A', 'B'] })[0]).toMatch(/^2 names stand more than once: .“A”., .“B”.\./);
  });

  it('notes a time of sealing that the reader has yet to reach, and no other', () => {
    const at = 1_800_000_000;
    expect(describeFutureSeal({ writtenAt: at }, at - 61)).toBe(
      'By the platform’s clock this record was sealed at 2027-01-15 08:00:00 UTC; by the clock of this device it is only 2027-01-15 07:58:59 UTC. One of them is wrong. Whether the deadline had passed was judged by the platform’s.',
    );
    for (const now of [at - 60, at, at + 1_000_000]) expect(describeFutureSeal({ writtenAt: at }, now)).toBeNull();
    expect(describeFutureSeal({ writtenAt: null }, at)).toBeNull();
  });

  it('says how a statement ended in every state', () => {
    const states = ['keying', 'aborted', 'open', 'closed', 'revealed', 'unopened', 'unvouched', 'destroyed', null] as const;
    const sentences = states.map((state) => describeOutcome({ ...plain, state }));
    expect(new Set(sentences).size).toBe(states.length);
    expect(describeOutcome({ ...plain, state: 'open' })).toBe('3 people have signed. The names are sealed.');
    expect(describeOutcome({ ...plain, state: 'revealed', names: [{ token: ['1', '2'], group: 'a', wave: 1, name: 'Ann' }] })).toContain(
      '1 person signed',
    );
  });
});
