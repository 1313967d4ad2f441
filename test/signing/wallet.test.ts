import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { openBackup } from '#lib/protocol/member/backup.ts';
import { commitmentOf, nullifierOf } from '#lib/protocol/member/credential.ts';
import { createInvitation, openEnrolment } from '#lib/protocol/member/enrolment.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { rootOfWords, wordsOfRoot } from '#lib/protocol/member/recovery.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import { parseWallet } from '#lib/protocol/member/wallet-file.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { createHpkeKeyPair } from '#lib/protocol/messages/hpke.ts';
import { toField } from '#lib/protocol/numbers/field.ts';
import { formatBackupLink, readBackupLink } from '#lib/signing/backup-link.ts';
import { parseGroupLink } from '#lib/signing/group-link.ts';
import { createLockTerms, deriveLockKey, lockText, parseLocked, unlockText } from '#lib/signing/locked-file.ts';
import { drawAsked, findWrong } from '#lib/signing/rehearsal.ts';
import { repairAddress } from '#lib/signing/repair-address.ts';
import { rememberRoll } from '#lib/signing/seen-rolls.ts';
import {
  acceptInvitation,
  createWallet,
  emptyWallet,
  forgetMembership,
  formatWallet,
  identityOf,
  mergeBackup,
} from '#lib/signing/wallet.ts';
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
    expect(both.wallet.root).toBe(wallet.root);
    expect(both.wallet.memberships).toHaveLength(2);
    const identity = identityOf(wallet);
    expect(commitmentOf(identity, groupId(group('Upper house')))).not.toBe(commitmentOf(identity, groupId(group('Lower house'))));
  });

  it('can be forgotten again', () => {
    const { wallet } = accept(createWallet(systemRandom), invite('Ann Lee'));
    expect(forgetMembership(wallet, wallet.memberships[0]!).memberships).toEqual([]);
  });
});

describe('a wallet', () => {
  it('comes back whole', () => {
    const { wallet } = accept(createWallet(systemRandom), invite('Siobhán O’Rourke 李'));
    expect(parseWallet(formatWallet(wallet))).toEqual({ ok: true, value: wallet });
    expect(parseWallet(formatWallet({ ...wallet, version: 2 as 3 }))).toMatchObject({ ok: false, code: 'BAD_WALLET' });
  });

  it('is the same person when nothing is left but its words', () => {
    const { wallet } = accept(createWallet(systemRandom), invite('Ann'));
    const restored = emptyWallet(value(rootOfWords(wordsOfRoot(wallet.root).join(' '))));
    expect(restored.memberships).toEqual([]);
    expect(identityOf(restored)).toEqual(identityOf(wallet));
    const scope = toField(5n);
    expect(nullifierOf(identityOf(restored), scope)).toBe(nullifierOf(identityOf(wallet), scope));
  });

  it('takes in all that a backup holds, once, and of each group the newest roll of the two', () => {
    const wallet = createWallet(systemRandom);
    const [one, two] = [accept(wallet, invite('Ann')).wallet, accept(wallet, invite('Ann', 'Lower house')).wallet];
    const roll = (number: number) => ({ group: groupId(group('Upper house')), number, hash: 'a'.repeat(64), time: 1000 + number });
    const merged = mergeBackup({ ...one, rolls: [roll(3)] }, { ...two, rolls: [roll(2)] });
    expect(merged.memberships.map((membership) => membership.group.name)).toEqual(['Upper house', 'Lower house']);
    expect(merged.rolls).toEqual([roll(3)]);
    expect(mergeBackup({ ...one, rolls: [roll(2)] }, { ...one, rolls: [roll(3)] })).toEqual({ ...one, rolls: [roll(3)] });
  });
});

describe('the code of a membership beside the words', () => {
  const joined = accept(accept(createWallet(systemRandom), invite('Ann Lee')).wallet, invite('Ann Lee, Clerk', 'Lower house')).wallet;
  const wallet = rememberRoll(joined, { group: groupId(group('Upper house')), number: 7, hash: 'b'.repeat(64), time: 2000 });

  it('is an address that says nothing without the words, and with them brings that membership and its newest roll', () => {
    const [upper, lower] = wallet.memberships;
    const link = formatBackupLink(wallet, upper!, systemRandom);
    expect(link).toMatch(/^https:\/\/example\.org\/wallet#backup-[\w-]+$/);
    const sealed = readBackupLink(new URL(link).hash)!;
    const content = value(openBackup(wallet.root, sealed));
    expect(content).toEqual({ memberships: [upper], rolls: wallet.rolls, receipts: [] });
    const other = value(openBackup(wallet.root, readBackupLink(new URL(formatBackupLink(wallet, lower!, systemRandom)).hash)!));
    expect(other).toEqual({ memberships: [lower], rolls: [], receipts: [] });
    expect(openBackup(createWallet(systemRandom).root, sealed)).toMatchObject({ code: 'OTHER_WORDS' });
    const { hash } = new URL(link);
    for (const behind of [' ', '%0A', '\n', '\u200b', '.']) expect(readBackupLink(`${hash}${behind}`)).toEqual(sealed);
    expect(repairAddress(`/wallet%23${hash.slice(1)}%20`)).toEqual({ kind: 'backup', address: `/wallet${hash}` });
    expect([`/wallet${hash}`, '/wallet', '/wallet#restore'].map(repairAddress)).toEqual([null, null, null]);
    for (const none of ['', '#restore', '#backup-', '#backup-$']) expect(readBackupLink(none)).toBeNull();
  });

  it('fits a code that a phone reads, with the longest names there are', () => {
    const long = 'é'.repeat(100);
    const membership = { group: { ...group('x'), name: long }, name: long, platform: 'https://round-robin.example.org' };
    const [seen] = wallet.rolls;
    const link = formatBackupLink({ ...wallet, rolls: [{ ...seen!, group: groupId(membership.group) }] }, membership, systemRandom);
    expect(encode(link, { ecc: 'M' }).version).toBeLessThanOrEqual(33);
  });
});

describe('the rehearsal', () => {
  it('asks for three different words, and says which answers are not in their place', () => {
    const words = wordsOfRoot(createWallet(systemRandom).root);
    for (let i = 0; i < 50; i++) {
      const asked = drawAsked(systemRandom);
      expect(new Set(asked).size).toBe(3);
      expect(asked).toEqual([...asked].sort((a, b) => a - b));
      expect(
        findWrong(
          words,
          asked,
          asked.map((place) => ` ${words[place]!.toUpperCase()} `),
        ),
      ).toEqual([]);
      expect(findWrong(words, asked, ['', words[asked[1]!]!, 'zebra crossing'])).toEqual([asked[0], asked[2]]);
    }
  });
});

describe('the link of a group', () => {
  it('is read as people hand it on', () => {
    const id = groupId(group('Upper house'));
    expect(value(parseGroupLink(`https://example.org/groups/${id}`))).toEqual({ group: id, origin: 'https://example.org' });
    expect(value(parseGroupLink(` ${id} `))).toEqual({ group: id, origin: null });
    const link = `https://example.org/groups/${id}`;
    const outlook = `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(link)}&data=05%7C02%7C${'ab'.repeat(32)}`;
    for (const mailed of [`Link: ${link}`, `page:${link}`, `<${link}>`, `“${link}”.`, `[here](${link})`, outlook])
      expect(value(parseGroupLink(mailed)), mailed).toEqual({ group: id, origin: 'https://example.org' });
    for (const bad of ['', 'https://example.org/groups/', `https://example.org/groups/${id.slice(1)}`])
      expect(parseGroupLink(bad)).toMatchObject({ code: 'BAD_LINK' });
  });
});

describe('a passphrase', () => {
  const text = formatWallet(createWallet(systemRandom));

  it('opens what it locked, however its accents were typed, and nothing else does', async () => {
    const terms = createLockTerms(systemRandom);
    const locked = lockText(text, await deriveLockKey('caf\u00e9 and bread', terms), systemRandom);
    expect(JSON.stringify(locked)).not.toContain(JSON.parse(text).root);
    expect(unlockText(locked, await deriveLockKey('cafe\u0301 and bread', terms))).toEqual({ ok: true, value: text });
    expect(unlockText(locked, await deriveLockKey('cafe and bread', terms))).toMatchObject({ ok: false, code: 'WRONG_PASSPHRASE' });
  });

  it('locks a long text as well as a short one: the rosters of an issuer take many megabytes', () => {
    const long = text.repeat(Math.ceil(6_000_000 / text.length));
    const key = { ...createLockTerms(systemRandom), key: systemRandom(32) };
    const locked = parseLocked(JSON.stringify(lockText(long, key, systemRandom)));
    expect(locked && unlockText(locked, key)).toEqual({ ok: true, value: long });
    expect(parseLocked(JSON.stringify({ ...locked, sealed: `${locked?.sealed}0` }))).toBeNull();
  });

  it('takes not much more memory for it than the text has, also where the browser has no function for hex', () => {
    const code = `import { lockText } from ${JSON.stringify(path.resolve('lib/signing/locked-file.ts'))};
      const key = { scrypt: { N: 2 ** 17, r: 8, p: 1 }, salt: '00'.repeat(16), key: new Uint8Array(32) };
      delete Uint8Array.prototype.toHex;
      console.log(lockText('a'.repeat(8_000_000), key, (length) => new Uint8Array(length)).sealed.length);`;
    const args = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=100', '--input-type=module', '-e', code];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' })).toBe(`${2 * (24 + 8_000_000 + 16)}\n`);
  });

  it('does not open a file that was changed, nor does one ask for less work than today or more than a device can do', async () => {
    const key = await deriveLockKey('bread', createLockTerms(systemRandom));
    const locked = lockText(text, key, systemRandom);
    const flipped = (Number.parseInt(locked.sealed.at(-1)!, 16) ^ 1).toString(16);
    for (const bad of [
      { ...locked, sealed: locked.sealed.slice(0, -1) + flipped },
      { ...locked, sealed: locked.sealed.slice(0, -2) },
      { ...locked, salt: createLockTerms(systemRandom).salt },
      { ...locked, scrypt: { ...locked.scrypt, N: 2 ** 18 } },
    ])
      expect(unlockText(bad, key)).toMatchObject({ ok: false, code: 'WRONG_PASSPHRASE' });
    expect(parseLocked(JSON.stringify(locked))).toEqual(locked);
    expect(parseLocked(JSON.stringify({ ...locked, scrypt: { ...locked.scrypt, N: 2 ** 20 } }))).not.toBeNull();
    for (const N of [2 ** 16, 2 ** 21, 2 ** 17 + 1])
      expect(parseLocked(JSON.stringify({ ...locked, scrypt: { ...locked.scrypt, N } }))).toBeNull();
    expect(parseLocked(text)).toBeNull();
  });
});
