import { expect, it } from 'vitest';
import { type BrowserSession, createSessions } from '#lib/agent/sessions.ts';
import { systemRandom } from '../support/world.ts';

const NOW = 1_800_000_000;
const GROUP = '5'.repeat(64);

it('a flood of browsers that only look ends the session of no clerk, and of nobody whose admission is under way', () => {
  const sessions = createSessions(true, systemRandom);
  const open = (hold: Partial<BrowserSession>, isClerk = false) => {
    const { session, cookie } = sessions.open(NOW, isClerk);
    Object.assign(session, hold);
    return cookie.split(';')[0];
  };
  const code = { group: GROUP, address: 'a@b.example', typed: '', hash: null, tries: 0, expires: NOW + 900 };
  const busy = [
    open({}, true),
    open({ words: { group: GROUP, words: 'a b c d', drawn: NOW, expires: NOW + 86_400 } }),
    open({ code }),
    open({ given: { group: GROUP, secret: GROUP } }),
  ];
  const idle = [open({}), open({ code: { ...code, expires: NOW } })];
  for (let i = 0; i < 20_000; i++) sessions.open(NOW);
  expect(busy.map((cookie) => sessions.find(cookie, NOW) !== null)).toEqual([true, true, true, true]);
  expect(idle.map((cookie) => sessions.find(cookie, NOW))).toEqual([null, null]);
});
