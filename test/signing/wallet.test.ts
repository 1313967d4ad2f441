import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { commitmentOf } from '#lib/protocol/member/credential.ts';
import { createInvitation, openEnrolment } from '#lib/protocol/member/enrolment.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import { parseWallet } from '#lib/protocol/member/wallet-file.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { createHpkeKeyPair } from '#lib/protocol/messages/hpke.ts';
import { createSalt, deriveLockKey, lockText, parseLocked, unlockText } from '#lib/signing/locked-file.ts';
import { acceptInvitation, createWallet, forgetMembership, formatWallet, identityOf, mergeWallets } from '#lib/signing/wallet.ts';
import { systemRandom } from '../support/world.ts';
import { value } from './stage.ts';

const group = (name: string) => ({ issuer: publicKeyOf(new Uint8Array(32).fill(3)), name });
const keys = createHpkeKeyPair(systemRandom);
const invite = (name: string, to = 'Upper house') => createInvitation(name, group(to), bytesToHex(keys.publicKey), systemRandom);
const accept = (wallet: ReturnType<typeof createWallet>, invitation: ReturnType<typeof invite>) =>
  value(acceptInvitation(wallet, invitation, 'https://example.org'));

describe('taking up an invitation', () => {
  it('pins the issuer’s key and seals commitment and u for the issuer alone', () => {
    const wallet = createWallet(systemRandom);
    const invitation = invite('Ann Lee');
    const joined = accept(wallet, invitation);
    expect(joined.wallet.memberships).toEqual([{ group: invitation.group, name: 'Ann Lee', platform: 'https://example.org' }]);
    const [identity, id] = [identityOf(wallet), groupId(invitation.group)];
    const enrolled = { commitment: commitmentOf(identity, id), membership: membershipOf(identity, id) };
    expect(openEnrolment(invitation, joined.enrolment, keys)).toEqual({ ok: true, value: enrolled });
    expect(openEnrolment(invitation, joined.enrolment, createHpkeKeyPair(systemRandom))).toMatchObject({ code: 'ENROLMENT_FORGED' });
  });

  it('can be repeated with the same bytes, and changes nothing the second time', () => {
    const invitation = invite('Ann Lee');
    const first = accept(createWallet(systemRandom), invitation);
    expect(accept(first.wallet, invitation)).toEqual(first);
  });

  it('seals with another one-time key for another wallet or invitation, whatever differs in it', () => {
    const invitation = invite('Ann Lee');
    const wallet = createWallet(systemRandom);
    const oneTimeKey = (made: ReturnType<typeof accept>) => made.enrolment.ciphertext.slice(0, 64);
    const rekeyed = { ...invitation, enrolmentKey: bytesToHex(createHpkeKeyPair(systemRandom).publicKey) };
    const changed = [invitation, invite('Ann Lee'), { ...invitation, group: group('Lower house') }, rekeyed];
    const keysUsed = [accept(createWallet(systemRandom), invitation), ...changed.map((one) => accept(wallet, one))].map(oneTimeKey);
    expect(new Set(keysUsed).size).toBe(5);
  });

  it('uses one identity for every group, and commitments that do not match (T4, T35)', () => {
    const wallet = createWallet(systemRandom);
    const upper = accept(wallet, invite('Ann Lee'));
    const both = accept(upper.wallet, invite('Ann Lee, Clerk', 'Lower house'));
    expect(both.wallet.secret).toBe(wallet.secret);
    expect(both.wallet.memberships).toHaveLength(2);
    const identity = identityOf(wallet);
    expect(commitmentOf(identity, groupId(group('Upper house')))).not.toBe(commitmentOf(identity, groupId(group('Lower house'))));
  });

  it('can be forgotten again', () => {
    const { wallet } = accept(createWallet(systemRandom), invite('Ann Lee'));
    expect(forgetMembership(wallet, wallet.memberships[0]!).memberships).toEqual([]);
  });
});

describe('a wallet file', () => {
  it('comes back whole', () => {
    const { wallet } = accept(createWallet(systemRandom), invite('Siobhán O’Rourke 李'));
    expect(parseWallet(formatWallet(wallet))).toEqual({ ok: true, value: wallet });
    expect(parseWallet(formatWallet({ ...wallet, version: 1 as 2 }))).toMatchObject({ ok: false, code: 'BAD_WALLET' });
  });

  it('joins the wallet that is there if it is the same identity, and is refused otherwise', () => {
    const wallet = createWallet(systemRandom);
    const [one, two] = [accept(wallet, invite('Ann')).wallet, accept(wallet, invite('Ann', 'Lower house')).wallet];
    expect(value(mergeWallets(null, one))).toEqual(one);
    expect(value(mergeWallets(one, two)).memberships.map((membership) => membership.group.name)).toEqual(['Upper house', 'Lower house']);
    expect(value(mergeWallets(one, one))).toEqual(one);
    expect(mergeWallets(one, createWallet(systemRandom))).toMatchObject({ ok: false, code: 'OTHER_IDENTITY' });
  });
});

describe('a passphrase', () => {
  const text = formatWallet(createWallet(systemRandom));

  it('opens what it locked, however its accents were typed, and nothing else does', async () => {
    const salt = createSalt(systemRandom);
    const locked = lockText(text, await deriveLockKey('caf\u00e9 and bread', salt), systemRandom);
    expect(JSON.stringify(locked)).not.toContain(JSON.parse(text).secret);
    expect(unlockText(locked, await deriveLockKey('cafe\u0301 and bread', salt))).toEqual({ ok: true, value: text });
    expect(unlockText(locked, await deriveLockKey('cafe and bread', salt))).toMatchObject({ ok: false, code: 'WRONG_PASSPHRASE' });
  });

  it('locks a long text as well as a short one: the rosters of an issuer take many megabytes', () => {
    const long = text.repeat(Math.ceil(6_000_000 / text.length));
    const key = { salt: createSalt(systemRandom), key: systemRandom(32) };
    const locked = parseLocked(JSON.stringify(lockText(long, key, systemRandom)));
    expect(locked && unlockText(locked, key)).toEqual({ ok: true, value: long });
    expect(parseLocked(JSON.stringify({ ...locked, sealed: `${locked?.sealed}0` }))).toBeNull();
  });

  it('takes not much more memory for it than the text has, also where the browser has no function for hex', () => {
    const code = `import { lockText } from ${JSON.stringify(path.resolve('lib/signing/locked-file.ts'))};
      const key = { salt: '00'.repeat(16), key: new Uint8Array(32) };
      delete Uint8Array.prototype.toHex;
      console.log(lockText('a'.repeat(8_000_000), key, (length) => new Uint8Array(length)).sealed.length);`;
    const args = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=100', '--input-type=module', '-e', code];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' })).toBe(`${2 * (24 + 8_000_000 + 16)}\n`);
  });

  it('does not open a file that was changed', async () => {
    const key = await deriveLockKey('bread', createSalt(systemRandom));
    const locked = lockText(text, key, systemRandom);
    const flipped = (Number.parseInt(locked.sealed.at(-1)!, 16) ^ 1).toString(16);
    for (const bad of [
      { ...locked, sealed: locked.sealed.slice(0, -1) + flipped },
      { ...locked, sealed: locked.sealed.slice(0, -2) },
      { ...locked, salt: createSalt(systemRandom) },
    ])
      expect(unlockText(bad, key)).toMatchObject({ ok: false, code: 'WRONG_PASSPHRASE' });
    expect(parseLocked(JSON.stringify(locked))).toEqual(locked);
    expect(parseLocked(text)).toBeNull();
  });
});
