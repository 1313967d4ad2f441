import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeVerdict, quoteVerdict } from '#app/check/describe-verdict.ts';
import { describeFailure } from '#app/check/failure-words.ts';
import { noneOfEach, type RecordReport, STEPS, type Step } from '#lib/protocol/record/report.ts';

const ID = 'a'.repeat(64);

function createReport(change: Partial<RecordReport> = {}): RecordReport {
  return {
    ok: true,
    failures: [],
    failed: { ...noneOfEach(), proofs: change.failures?.length ?? 0 },
    checked: Object.fromEntries(STEPS.map((step) => [step, 2])) as Record<Step, number>,
    lines: 30,
    statement: { text: [{ language: 'en', title: 'A fair count', body: '' }] } as unknown as RecordReport['statement'],
    id: ID,
    groups: [],
    state: 'revealed',
    writtenAt: 1_800_000_000,
    hash: 'd'.repeat(64),
    signatures: 2,
    names: [
      { token: ['1', '2'], group: 'b', wave: 1, name: 'Ann' },
      { token: ['3', '4'], group: 'b', wave: 1, name: 'Bo' },
    ],
    openedBy: [[1, 2]],
    destroyedBy: [],
    culprits: [],
    equalNames: [],
    equalTokens: 0,
    unopened: [],
    head: null,
    ...change,
  };
}

const failure = { line: 12, step: 'proofs', code: 'BAD_PROOF', detail: 'entry 3' } as const;

describe('the verdict over a record', () => {
  it('holds only when nothing failed', () => {
    expect(describeVerdict(createReport(), ID)).toMatchObject({ holds: true, title: 'Everything in this record holds.' });
    expect(describeVerdict(createReport({ ok: false, failures: [failure] }), ID)).toMatchObject({
      holds: false,
      title: 'One check failed.',
    });
  });

  it('does not hold for a sound record of another statement', () => {
    const verdict = describeVerdict(createReport(), 'c'.repeat(64));
    expect(verdict).toMatchObject({ holds: false, title: 'This is the record of another statement.' });
    expect(quoteVerdict(createReport(), verdict, 1_800_000_000, 'UTC')).toMatch(/does not hold/);
  });

  it('takes a record from anywhere where no statement was asked for', () => {
    expect(describeVerdict(createReport(), undefined).holds).toBe(true);
  });

  it('can be quoted with title, hash, count, outcome and date', () => {
    const report = createReport();
    expect(quoteVerdict(report, describeVerdict(report, ID), 1_800_090_000, 'UTC')).toBe(
      `On 16 January 2027 I checked the record of “A fair count” (hash ${ID}) with my own browser. All 26 checks passed. 2 people signed together, and their names are open. The platform sealed the record on 15 January 2027, 08:00 UTC.`,
    );
  });
});

describe('a failure', () => {
  it('is told with its line and detail', () => {
    expect(describeFailure(failure)).toBe('Line 12: A signature is not proven: no member can be shown to have made it. (entry 3)');
    expect(describeFailure({ line: 0, step: 'end', code: 'NO_END', detail: '' })).toMatch(/^In the whole file: The record has no end/);
  });

  it('has a sentence of its own for every name in the specification', () => {
    const spec = readFileSync(new URL('../../../SPEC.md', import.meta.url), 'utf8');
    const table = spec.slice(spec.indexOf('### 12.7'), spec.indexOf('Not failures of a record'));
    const rows = table.split('\n').filter((line) => line.startsWith('|'));
    const codes = [...new Set([...rows.join('\n').matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map((match) => match[1] as string))];
    expect(codes.length).toBeGreaterThan(40);
    const plain = describeFailure({ line: 1, step: 'end', code: 'NO_SUCH_CODE', detail: '' });
    expect(codes.filter((code) => describeFailure({ line: 1, step: 'end', code, detail: '' }) === plain)).toEqual([]);
  });
});
