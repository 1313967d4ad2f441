import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLocalTime } from '#app/new/local-time.ts';

/** What a browser's own clock shows in a zone, by another route than the code under test: an English date and time. */
function wallOf(at: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return format.format(new Date(at * 1000)).replace(' ', 'T');
}

describe('a time on the wall', () => {
  it('is a moment of its zone, and nothing else is one', () => {
    expect(readLocalTime('2027-01-15T08:00')).toEqual({ kind: 'moment', at: 1_800_000_000 });
    expect(readLocalTime('2027-01-15T09:00:30', 'Europe/Berlin')).toEqual({ kind: 'moment', at: 1_800_000_030 });
    for (const text of ['', '2027-02-31', '2027-02-31T10:00', '2027-01-15T25:00', 'tomorrow']) expect(readLocalTime(text)).toBeNull();
  });

  it.each([
    ['Europe/Berlin', '2024-03-31T02:30', '02:00', '03:00'],
    ['America/New_York', '2024-03-10T02:00', '02:00', '03:00'],
    ['Australia/Lord_Howe', '2024-10-06T02:15', '02:00', '02:30'],
    ['Africa/Cairo', '2024-04-26T00:30', '00:00', '01:00'],
    ['Pacific/Apia', '2011-12-30T12:00', '00:00', '00:00'],
  ])('does not come in %s at %s, where clocks are put on', (zone, value, from, to) => {
    expect(readLocalTime(value, zone)).toEqual({ kind: 'skipped', from, to });
  });

  it.each([
    ['Europe/Berlin', '2024-10-27T02:30', '03:00', '02:00'],
    ['America/New_York', '2024-11-03T01:59:59', '02:00', '01:00'],
    ['Australia/Lord_Howe', '2024-04-07T01:45', '02:00', '01:30'],
    ['Africa/Casablanca', '2024-03-10T02:10', '03:00', '02:00'],
  ])('comes twice in %s at %s, where clocks are put back', (zone, value, from, to) => {
    expect(readLocalTime(value, zone)).toEqual({ kind: 'repeated', from, to });
  });

  it('is the moment at which clocks show it, at any time and in any zone', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Lisbon',
      'America/St_Johns',
      'America/Santiago',
      'Asia/Kathmandu',
      'Pacific/Kiritimati',
      'Australia/Lord_Howe',
    );
    fc.assert(
      fc.property(fc.integer({ min: 1_700_000_000, max: 2_000_000_000 }), zones, (at, zone) => {
        const read = readLocalTime(wallOf(at, zone), zone);
        if (read?.kind === 'moment') expect(read.at).toBe(at);
        else expect(read?.kind).toBe('repeated');
      }),
    );
  });
});
