import { describe, expect, it } from 'vitest';
import { describeJoinFailure } from '#app/join/join-failure.ts';
import { ApiError } from '#lib/api/api-error.ts';

describe('what an invited person is told when joining fails', () => {
  it('offers no second try for an invitation that is no good, and says what to do', () => {
    for (const code of ['ALREADY_ENROLLED', 'UNKNOWN_INVITATION']) {
      const failure = describeJoinFailure(new ApiError(code, 'as the platform says it', 409));
      expect(failure).toMatchObject({ code, canRetry: false });
      expect(failure.title).not.toContain('platform says');
      expect(failure.lost).toContain('nothing of yours was lost');
    }
  });

  it('names the browser that forgets first where it holds nothing, and a theft first where it holds something', () => {
    const used = new ApiError('ALREADY_ENROLLED', 'used', 409);
    const words = (isEmpty: boolean) => Object.values(describeJoinFailure(used, isEmpty)).join(' ');
    expect(words(true)).toMatch(/keeps no membership.*seven days.*24 words.*somebody else/s);
    expect(words(false)).toMatch(/not by this browser.*somebody else/s);
    expect(words(false)).not.toContain('seven days');
    expect(describeJoinFailure(new ApiError('UNKNOWN_INVITATION', '', 404), true).title).toContain('does not know');
  });

  it('hands on the platform’s sentence and offers another try for everything that may pass', () => {
    const failure = describeJoinFailure(new ApiError('NETWORK', 'The platform cannot be reached.', 0));
    expect(failure).toMatchObject({ title: 'The platform cannot be reached.', code: 'NETWORK', canRetry: true });
  });

  it('never shows the message of an error of the browser', () => {
    const failure = describeJoinFailure(new Error('QuotaExceededError: secret 1234'));
    expect(JSON.stringify(failure)).not.toContain('1234');
    expect(failure.canRetry).toBe(true);
  });
});
