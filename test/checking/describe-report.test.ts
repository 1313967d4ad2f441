import { beforeAll, describe, expect, it } from 'vitest';
import { describeOutcome, listCaveats, listSteps } from '../../lib/checking/describe-report.ts';
import type { Manifest } from '../../lib/proof/manifest.ts';
import { type RecordReport, STEPS, type Step } from '../../lib/protocol/record-report.ts';
import { readManifest, setStage } from '../signing/stage.ts';

let manifest: Manifest;
let plain: RecordReport;
beforeAll(async () => {
  const { context } = await setStage();
  manifest = await readManifest();
  plain = {
    ok: true,
    failures: [],
    checked: Object.fromEntries(STEPS.map((step) => [step, 1])) as Record<Step, number>,
    lines: 9,
    statement: context.statement,
    id: context.id,
    state: 'open',
    writtenAt: 1,
    signatures: 3,
    names: [],
    openedBy: [],
    destroyedBy: [],
    culprits: [],
    stubs: 0,
    equalNames: [],
  };
});
const withSetup = (setup: 'dev' | 'ceremony'): Manifest => ({ ...manifest, keys: manifest.keys.map((key) => ({ ...key, setup })) });
const caveats = (change: Partial<RecordReport>) => listCaveats({ ...plain, ...change }, withSetup('ceremony'));

describe('telling what a check has shown', () => {
  it('gives each step as passed, failed or empty', () => {
    const failures = [{ line: 4, step: 'proofs' as const, code: 'BAD_PROOF', detail: '' }];
    const steps = listSteps({ failures, checked: { ...plain.checked, names: 0 } });
    expect(steps.map(({ step }) => step)).toEqual([...STEPS]);
    expect(steps.filter(({ passed }) => passed === false)).toMatchObject([{ step: 'proofs', checked: 1, failed: 1 }]);
    expect(steps.filter(({ passed }) => passed === null)).toMatchObject([{ step: 'names' }]);
  });

  it('has nothing to add to a plain record, unless its key was made for trials', () => {
    expect(caveats({})).toEqual([]);
    expect(listCaveats(plain, withSetup('dev'))).toEqual([expect.stringContaining('development key')]);
  });

  it('says what cannot be checked again, what is only attested, which names are doubtful and who is at fault', () => {
    expect(caveats({ stubs: 1 })[0]).toMatch(/^1 entry is kept as a hash only/);
    expect(caveats({ destroyedBy: [1, 2] })).toEqual([expect.stringContaining('their word')]);
    expect(caveats({ equalNames: ['Ann Lee'] })[0]).toContain('“\u2068Ann Lee\u2069” stands more than once');
    expect(caveats({ names: [{ nullifier: '1', group: 'a', wave: 1, undecodable: 'ff' }] })).toEqual(['1 seal holds no readable name.']);
    expect(
      caveats({
        culprits: [
          { trustee: 2, reason: 'BAD_SHARE' },
          { trustee: 3, reason: 'FORKED' },
        ],
      }),
    ).toEqual([
      'Trustee 2 (“\u2068Trustee 2\u2069”) gave another trustee a wrong share of the key.',
      'Trustee 3 (“\u2068Trustee 3\u2069”) cosigned two different boards.',
    ]);
  });

  it('says how a statement ended in every state', () => {
    const states = ['keying', 'aborted', 'open', 'closed', 'revealed', 'unopened', 'destroyed', null] as const;
    const sentences = states.map((state) => describeOutcome({ ...plain, state }));
    expect(new Set(sentences).size).toBe(states.length);
    expect(describeOutcome({ ...plain, state: 'open' })).toBe('3 people have signed. The names are sealed.');
    expect(describeOutcome({ ...plain, state: 'revealed', names: [{ nullifier: '1', group: 'a', wave: 1, name: 'Ann' }] })).toContain(
      '1 person signed',
    );
  });
});
