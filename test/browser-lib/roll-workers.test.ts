import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowserLab, openBrowserLab } from './serve.ts';

let lab: BrowserLab;
let page: Page;
beforeAll(async () => {
  lab = await openBrowserLab();
  page = await lab.open();
});
afterAll(() => lab?.close());

const inPage = (script: string) => page.evaluate(`(async () => { ${script} })()`) as Promise<Record<string, unknown>>;

describe('making rolls in a worker', () => {
  it('comes to the same as making them here', async () => {
    const script = `
      const { openInWorker, makeInWorker, remakeInWorker } = await import('/lib/browser/issue-rolls.ts');
      const shares = [];
      const { createIssuer, addGroup, groupIdsOf, findGroup } = await import('/lib/issuing/issuer-file.ts');
      const { inviteMembers, invitationOf, ticketOf } = await import('/lib/issuing/invite.ts');
      const { makeRoll } = await import('/lib/issuing/make-roll.ts');
      const { acceptInvitation, createWallet } = await import('/lib/signing/wallet.ts');
      const { secureRandom } = await import('/lib/browser/secure-random.ts');
      const { value: empty } = addGroup(createIssuer(secureRandom), 'Upper house', []);
      const [group] = groupIdsOf(empty);
      const issuer = inviteMembers(empty, group, [{ row: 1, name: 'Ann', email: '' }, { row: 2, name: 'Bo', email: '' }], secureRandom);
      const issued = findGroup(issuer, group);
      const enrolments = issued.members.map((member) => {
        const { value } = acceptInvitation(createWallet(secureRandom), invitationOf(issuer, issued, member), 'https://e.org');
        return { ticket: ticketOf(member.secret), ...value.enrolment };
      });
      const opened = await openInWorker(issuer, group, enrolments, { onNews: (share) => shares.push(share) });
      const terms = { time: 9, trustees: [], random: secureRandom };
      const planted = [];
      const made = await makeInWorker(opened.issuer, group, terms, { onNews: (share) => planted.push(share) });
      const again = await remakeInWorker(made.value.issuer, group, {});
      const here = await makeRoll(opened.issuer, group, terms);
      const { removeMember } = await import('/lib/issuing/invite.ts');
      const { markRollSent } = await import('/lib/issuing/make-roll.ts');
      const { eraseIssuer } = await import('/lib/browser/issue-rolls.ts');
      const smaller = removeMember(markRollSent(made.value.issuer, group), group, issued.members[0].secret);
      const changes = [];
      const watchChanges = { onNews: (share) => changes.push(share) };
      const next = await makeInWorker(smaller, group, terms, watchChanges);
      const shareWithTree = changes.splice(0).at(-1);
      await eraseIssuer();
      const nextWhole = await makeInWorker(smaller, group, terms, watchChanges);
      return { accepted: opened.accepted, opening: shares.length, planted, rolls: [made.value.roll, again], here: here.value.roll,
        shareWithTree, next: next.value.roll, nextWhole: nextWhole.value.roll, shareWithout: changes.at(-1) };`;
    const made = await inPage(script);
    expect(made.accepted).toEqual(['Ann', 'Bo']);
    expect(made.opening).toBeGreaterThan(0);
    expect(made.planted).toEqual([0.9, 1]);
    expect(made.rolls).toEqual([made.here, made.here]);
    // The tree of the last roll is kept in the browser, so the next roll plants nothing; and it goes with the keystore.
    expect([made.shareWithTree, made.shareWithout]).toEqual([0.9, 1]);
    expect(made.next).toEqual(made.nextWhole);
  });
});

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
