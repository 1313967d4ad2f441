import { describe, expect, it } from 'vitest';
import { describeAtMost, describeDuration, formatTime } from '#app/ui/time-words.ts';

describe('moments', () => {
  it('are written with their zone', () => {
    expect(formatTime(1_803_913_200, 'minute', 'UTC')).toBe('1 March 2027, 15:00 UTC');
    expect(formatTime(1_803_913_200, 'minute', 'Asia/Kolkata')).toMatch(/^1 March 2027, 20:30 (IST|GMT\+5:30)$/);
    expect(formatTime(1_803_913_200, 'day', 'UTC')).toBe('1 March 2027');
  });
});

describe('time left', () => {
  it('is told in its two largest units', () => {
    expect(describeDuration(3 * 86_400 + 4 * 3600 + 59)).toBe('3 days and 4 hours');
    expect(describeDuration(86_400 + 5 * 60)).toBe('1 day');
    expect(describeDuration(61 * 60)).toBe('1 hour and 1 minute');
    expect(describeDuration(119)).toBe('1 minute');
    expect(describeDuration(1)).toBe('1 second');
    expect(describeDuration(0)).toBe('0 seconds');
  });
});

describe('the most that something can take', () => {
  it('is told in one unit and never as less than it is', () => {
    expect([20, 60, 61, 40 * 60, 7_140, 7_200, 7_201].map(describeAtMost)).toEqual([
      '20 seconds',
      '1 minute',
      '2 minutes',
      '40 minutes',
      '119 minutes',
      '2 hours',
      '3 hours',
    ]);
  });
});
