import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BrowserLab, openBrowserLab } from './serve.ts';

let lab: BrowserLab;
let page: Page;
beforeAll(async () => {
  lab = await openBrowserLab();
  page = await lab.open();
});
afterAll(() => lab?.close());

/** Makes and remakes the first roll of a group of one, off the page's thread, after something else was done. */
const makeRoll = (before: string) =>
  page.evaluate(`(async () => {
    const { makeInWorker, remakeInWorker } = await import('/lib/browser/issue-rolls.ts');
    const { createIssuer, addGroup, groupIdsOf, findGroup } = await import('/lib/issuing/issuer-file.ts');
    const { inviteMembers, invitationOf, ticketOf } = await import('/lib/issuing/invite.ts');
    const { openEnrolments } = await import('/lib/issuing/open-enrolments.ts');
    const { acceptInvitation, createWallet } = await import('/lib/signing/wallet.ts');
    const { secureRandom } = await import('/lib/browser/secure-random.ts');
    const { value: empty } = addGroup(createIssuer(secureRandom), 'Upper house', []);
    const [group] = groupIdsOf(empty);
    const invited = inviteMembers(empty, group, [{ row: 1, name: 'Ann', email: '' }], secureRandom);
    const issued = findGroup(invited, group);
    const [ann] = issued.members;
    const { value } = acceptInvitation(createWallet(secureRandom), invitationOf(invited, issued, ann), 'https://e.org');
    const { issuer } = openEnrolments(invited, group, [{ ticket: ticketOf(ann.secret), ...value.enrolment }]);
    ${before}
    const made = await makeInWorker(issuer, group, { time: 9, trustees: [] }, {});
    const again = await remakeInWorker(made.value.issuer, group, {});
    return [made.ok, made.value.roll.header.size, JSON.stringify(again) === JSON.stringify(made.value.roll)];
  })()`);

it('makes a roll, and makes it again, where the browser keeps no tree and gives none out', async () => {
  const closed = `await new Promise((resolve, reject) => {
    const opening = indexedDB.open('round-robin', 1_000);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => { opening.result.close(); resolve(); };
  });`;
  expect(await makeRoll(closed)).toEqual([true, 1, true]);
});
