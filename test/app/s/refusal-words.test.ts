import { describe, expect, it } from 'vitest';
import { describeBadStatement, describeNoPlace, describeNoSignature } from '#app/s/[id]/sign/refusal-words.ts';
import { describeNoWithdrawal } from '#app/s/[id]/sign/withdrawal-words.ts';

const CODES = [
  'STATEMENT_CLOSED',
  'STATEMENT_NOT_OPEN',
  'STATEMENT_REFUSED',
  'BAD_RECEIPT',
  'PROOF_INVALID',
  'ALREADY_SIGNED',
  'ALREADY_WITHDRAWN',
  'NETWORK',
];

describe('what a signer is told when something is in the way', () => {
  it('T28: sounds the alarm for a statement that was swapped, and never offers to go on', () => {
    const refusal = describeBadStatement('SWAPPED_STATEMENT');
    expect(refusal).toMatchObject({ isAlarm: true, canRetry: false, code: 'SWAPPED_STATEMENT' });
    expect(refusal.todo).toMatch(/Do not sign/);
    expect(describeBadStatement('BAD_ROLLS', 'a roll is missing')).toMatchObject({ isAlarm: true, canRetry: false });
  });

  it('is calm about somebody whom the roll does not hold', () => {
    expect(describeNoPlace('NOT_IN_ROLL', 'Roll 1 does not hold you.')).toMatchObject({
      title: 'Roll 1 does not hold you.',
      isAlarm: false,
      canRetry: false,
    });
    expect(describeNoPlace('ROLL_ROOT')).toMatchObject({ isAlarm: true });
  });

  it('refuses a second signature kindly and says that the first one stands, unless it was taken back', () => {
    const refusal = describeNoSignature('ALREADY_SIGNED', '');
    expect(refusal).toMatchObject({ isAlarm: false, canRetry: false });
    expect(refusal.lost).toMatch(/stands unless you have taken it back/);
  });

  it('offers the same signature again when it may be on its way, and does not say that nothing was sent', () => {
    for (const code of ['BAD_RECEIPT', 'RECEIPT_LATE', 'NETWORK', 'TIMED_OUT', 'BUSY', 'INTERNAL']) {
      const refusal = describeNoSignature(code, 'The platform cannot be reached.');
      expect(refusal.canRetry).toBe(true);
      expect(refusal.lost).not.toMatch(/Nothing was sent/);
      expect(refusal.lost.includes('on this device only'), code).toBe(code === 'BUSY');
    }
  });

  it('accuses nobody of a late promise while the own clock may be wrong', () => {
    expect(describeNoSignature('RECEIPT_LATE', '')).toMatchObject({ isAlarm: false, title: expect.stringMatching(/clock of this device/) });
    expect(describeNoSignature('BAD_RECEIPT', '')).toMatchObject({ isAlarm: true });
  });

  it('tells who withdraws that there is nothing to take back, or that it was taken back before', () => {
    for (const code of ['NOTHING_TO_WITHDRAW', 'ALREADY_WITHDRAWN'])
      expect(describeNoSignature(code, '')).toMatchObject({ isAlarm: false, canRetry: false, title: expect.stringMatching(/back/) });
  });

  it('says what became of the name in every case', () => {
    for (const code of CODES) expect(describeNoSignature(code, 'x').lost.length).toBeGreaterThan(20);
  });

  it('never tells who withdraws that nobody can read the name, but that the signature stands where it does', () => {
    for (const code of [...CODES.filter((one) => one !== 'ALREADY_SIGNED'), 'RECEIPT_LATE', 'BOARD_LOST', 'BUSY', 'TIMED_OUT']) {
      const { title, lost, todo } = describeNoWithdrawal(code, 'x');
      expect(`${title} ${lost} ${todo}`, code).not.toMatch(
        /nobody can read|name is sealed|your signature (has )?arrived|was not counted|nobody had signed/i,
      );
    }
    for (const code of ['STATEMENT_CLOSED', 'BAD_RECEIPT', 'RECEIPT_LATE', 'PROOF_INVALID', 'NETWORK', 'BUSY'])
      expect(describeNoWithdrawal(code, 'x').lost).toMatch(/your signature stands, and its name opens if the condition is met/);
    expect(describeNoWithdrawal('STATEMENT_CLOSED', '').title).toMatch(/withdrawal/);
  });
});
