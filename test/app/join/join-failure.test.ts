import { describe, expect, it } from 'vitest';
import { describeJoinFailure } from '#app/join/join-failure.ts';
import { ApiError } from '#lib/api/api-error.ts';

const HELD = { isEmpty: false, isKnown: false };

describe('what an invited person is told when joining fails', () => {
  it('offers no second try for an invitation that is no good, and says what to do', () => {
    for (const code of ['ALREADY_ENROLLED', 'UNKNOWN_INVITATION']) {
      const failure = describeJoinFailure(new ApiError(code, 'as the platform says it', 409), HELD);
      expect(failure).toMatchObject({ code, canRetry: false });
      expect(failure.title).not.toContain('platform says');
      expect(failure.lost).toContain('nothing of yours was lost');
    }
  });

  it('names the browser that forgets first where it holds nothing, and a theft first where it holds something', () => {
    const used = new ApiError('ALREADY_ENROLLED', 'used', 409);
    const words = (isEmpty: boolean) => Object.values(describeJoinFailure(used, { ...HELD, isEmpty })).join(' ');
    expect(words(true)).toMatch(/keeps no membership.*seven days.*24 words.*somebody else/s);
    expect(words(false)).toMatch(/not by this browser.*somebody else/s);
    expect(words(false)).not.toContain('seven days');
    expect(describeJoinFailure(new ApiError('UNKNOWN_INVITATION', '', 404), { ...HELD, isEmpty: true }).title).toContain('does not know');
  });

  it('names its own earlier reply first where it has sent one, and never says that nothing was joined', () => {
    for (const code of ['ALREADY_ENROLLED', 'ISSUER_KEY_ENDED', 'UNKNOWN_INVITATION']) {
      const failure = describeJoinFailure(new ApiError(code, '', 409), { isEmpty: true, isKnown: true });
      expect(failure.lost).toBe('Your membership is still kept here.');
    }
    const words = Object.values(describeJoinFailure(new ApiError('ALREADY_ENROLLED', '', 409), { isEmpty: true, isKnown: true })).join(' ');
    expect(words).toMatch(/most likely by this browser.*somebody else/s);
    expect(words).not.toMatch(/not by this browser|seven days/);
  });

  it('hands on the platform’s sentence and offers another try for everything that may pass', () => {
    const failure = describeJoinFailure(new ApiError('NETWORK', 'The platform cannot be reached.', 0), HELD);
    expect(failure).toMatchObject({ title: 'The platform cannot be reached.', code: 'NETWORK', canRetry: true });
  });

  it('never shows the message of an error of the browser', () => {
    const failure = describeJoinFailure(new Error('QuotaExceededError: secret 1234'), HELD);
    expect(JSON.stringify(failure)).not.toContain('1234');
    expect(failure.canRetry).toBe(true);
  });
});
