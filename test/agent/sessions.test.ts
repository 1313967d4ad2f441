import { describe, expect, it } from 'vitest';
import { type BrowserSession, createSessions } from '#lib/agent/sessions.ts';
import { systemRandom } from '../support/world.ts';

const NOW = 1_800_000_000;
const GROUP = '5'.repeat(64);
const MOST = 1_000;
const words = { group: GROUP, words: 'a b c d', drawn: NOW, expires: NOW + 86_400 };
const code = { group: GROUP, address: 'a@b.example', typed: '', hash: null, tries: 0, expires: NOW + 900 };
const sent = { ...code, hash: GROUP };
const given = { group: GROUP, secret: GROUP };

/** Sessions of which a few hold something, and then a flood of others. @returns which of the few are left */
function flood(few: Partial<BrowserSession>[], others: Partial<BrowserSession>): boolean[] {
  const sessions = createSessions(true, systemRandom, MOST);
  const open = (hold: Partial<BrowserSession>) => {
    const { session, cookie } = sessions.open(NOW, hold.isClerk);
    Object.assign(session, hold);
    return cookie.split(';')[0];
  };
  const cookies = few.map(open);
  const flooding = Array.from({ length: 5 * MOST }, () => open(others));
  expect([...cookies, ...flooding].filter((cookie) => sessions.find(cookie, NOW) !== null)).toHaveLength(MOST);
  return cookies.map((cookie) => sessions.find(cookie, NOW) !== null);
}

describe('a flood of browsers', () => {
  it('that only look ends the session of no clerk, and of nobody whose admission is under way', () => {
    const few = [{ isClerk: true }, { words }, { code }, { code: sent }, { given }];
    expect(flood(few, {})).toEqual([true, true, true, true, true]);
    expect(flood(few, { code: { ...code, expires: NOW } })).toEqual([true, true, true, true, true]);
  });

  it('that take what anybody gets for asking ends none that holds an invitation, or a code that was sent', () => {
    expect(flood([{ isClerk: true }, { given }, { code: sent }], { words })).toEqual([true, true, true]);
    expect(flood([{ isClerk: true }, { given }, { code: sent }], { code })).toEqual([true, true, true]);
  });
});

it('sessions end one by one and by time, and no other one with them', () => {
  const sessions = createSessions(true, systemRandom, MOST);
  const cookies = Array.from({ length: 9 }, (_, i) => sessions.open(NOW + i).cookie.split(';')[0]);
  for (const i of [8, 0, 3]) sessions.end(cookies[i]);
  sessions.end('__Host-round-robin-agent=other');
  const left = () => cookies.map((cookie) => sessions.find(cookie, NOW + 10) !== null);
  expect(left()).toEqual([false, true, true, false, true, true, true, true, false]);
  sessions.open(NOW + 86_400 + 5);
  expect(left()).toEqual([false, false, false, false, false, false, true, true, false]);
});

it('over https no site beside the agent’s can set its cookie: browsers take the name from its own host alone', () => {
  const { cookie } = createSessions(true, systemRandom, MOST).open(NOW);
  expect(cookie).toMatch(/^__Host-round-robin-agent=[\w-]{43}; Path=\/; .*; Secure$/);
  expect(cookie).not.toContain('Domain');
  expect(createSessions(false, systemRandom, MOST).open(NOW).cookie).toMatch(/^round-robin-agent=/);
});
