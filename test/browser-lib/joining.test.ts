import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BrowserLab, openBrowserLab } from './serve.ts';

let lab: BrowserLab;
let page: Page;
beforeAll(async () => {
  lab = await openBrowserLab();
});
afterAll(() => lab?.close());
beforeEach(async () => {
  page = await lab.open();
});

/** Joins once for each answer, in turn; null is an answer that is lost. @returns what came of each, and the names that are kept in the end */
function join(answers: readonly (string | null)[]): Promise<{ outcomes: string[]; kept: string[] | null }> {
  return page.evaluate(`(async () => {
    const { joinGroup } = await import('/app/join/join-group.ts');
    const { walletVault } = await import('/lib/browser/vaults.ts');
    const { createIssuer, addGroup } = await import('/lib/issuing/issuer-file.ts');
    const { inviteMembers, invitationOf } = await import('/lib/issuing/invite.ts');
    const { groupIdsOf } = await import('/lib/issuing/issuer-file.ts');
    const { secureRandom } = await import('/lib/browser/secure-random.ts');
    const { value } = addGroup(createIssuer(secureRandom), 'A group', []);
    const [id] = groupIdsOf(value);
    const issuer = inviteMembers(value, id, [{ row: 1, name: 'Ann Lee', email: '' }], secureRandom);
    const [group] = issuer.groups;
    const invitation = invitationOf(issuer, group, group.members[0]);
    const outcomes = [];
    for (const code of ${JSON.stringify(answers)}) {
      window.fetch = async () => {
        if (code === null) throw new TypeError('Failed to fetch');
        return Response.json({ error: { code, message: 'as the platform says it' } }, { status: 409 });
      };
      const passphrase = (await walletVault().state()) === 'empty' ? 'bread and butter' : null;
      outcomes.push(await joinGroup(invitation, { origin: location.origin, passphrase }).then(() => 'joined', ({ code }) => code));
    }
    return { outcomes, kept: (await walletVault().read())?.memberships.map(({ name }) => name) ?? null };
  })()`);
}

describe('joining a group', () => {
  it('leaves nothing of a membership whose only reply was refused', async () => {
    expect(await join(['ALREADY_ENROLLED'])).toEqual({ outcomes: ['ALREADY_ENROLLED'], kept: null });
  });

  it('keeps the membership of a reply whose answer was lost, though a roll has taken it in before the next try', async () => {
    const told = ['NETWORK', 'ALREADY_ENROLLED', 'ISSUER_KEY_ENDED'];
    expect(await join([null, 'ALREADY_ENROLLED', 'ISSUER_KEY_ENDED'])).toEqual({ outcomes: told, kept: ['Ann Lee'] });
  });
});
