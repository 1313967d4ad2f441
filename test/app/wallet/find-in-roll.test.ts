import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { bringBack } from '#app/wallet/bring-back.ts';
import { findInCurrentRoll } from '#app/wallet/find-in-roll.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { encodeRollFile } from '#lib/api/roll-file.ts';
import { merkleRoot } from '#lib/protocol/board/merkle.ts';
import { hashCapsules, joinCapsules, makeCapsule } from '#lib/protocol/member/capsule.ts';
import { commitmentOf, leafOf } from '#lib/protocol/member/credential.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { rollHash, signRoll } from '#lib/protocol/member/roll.ts';
import { plantTree } from '#lib/protocol/member/roll-tree.ts';
import { membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { rememberRoll, seenRoll } from '#lib/signing/seen-rolls.ts';
import { createWallet, emptyWallet, identityOf } from '#lib/signing/wallet.ts';

const seed = new Uint8Array(32).fill(9);
const group = { issuer: publicKeyOf(seed), name: 'Choir' };
const id = groupId(group);
let drawn = 0;
const random = (length: number) => new Uint8Array(length).fill(++drawn);
const wallet = createWallet(random);
const mine: Membership = { group, name: 'Ada', platform: 'https://example.org' };

type Standing = { wallet: Wallet; name: string; capsuleName?: string };
const membershipFor = (holder: Wallet) => membershipOf(identityOf(holder), id);
const leafFor = ({ wallet: holder, name }: Standing) =>
  leafOf(commitmentOf(identityOf(holder), id), tokenOf(membershipFor(holder), id, name).point);
const capsulesFor = (members: readonly Standing[]) =>
  joinCapsules(members.map((one) => makeCapsule({ group: id, number: 1 }, membershipFor(one.wallet), one.capsuleName ?? one.name)));
const own: Standing = { wallet, name: 'Ada' };
const others = Array.from({ length: 9 }, (_, i): Standing => ({ wallet: createWallet(random), name: `Other ${i}` }));

/** A platform that shows a roll of these members; `shown` are those whose leaves and capsules it hands out. */
function platform(members: readonly Standing[], { sign = seed, shown = members }: { sign?: Uint8Array; shown?: readonly Standing[] } = {}) {
  const leaves = members.map(leafFor);
  const names = merkleRoot(hashCapsules(capsulesFor(members)));
  const header = signRoll({ group, number: 1, time: 1000, trustees: [], leaves, names }, sign);
  const requests: string[] = [];
  const serve = (hash: string, bytes: Uint8Array) => {
    requests.push(hash);
    if (hash !== rollHash(header)) throw new ApiError('ROLL_NOT_FOUND', 'no such roll', 404);
    return Promise.resolve(bytes);
  };
  return {
    requests,
    getGroup: async () => ({ id, group, rolls: [header] }),
    getLeaves: (hash: string) => serve(hash, encodeRollFile(plantTree(shown.map(leafFor), header.depth))),
    getNames: (hash: string) => serve(hash, hexToBytes(hashCapsules(capsulesFor(shown)).join(''))),
  };
}

describe('a look into the current roll', () => {
  it('finds the own leaf and the own capsule among others', async () => {
    expect(await findInCurrentRoll(platform([...others, own]), wallet, mine)).toMatchObject({ kind: 'found' });
  });

  it('says so when the roll does not hold this wallet, or attests another name', async () => {
    expect(await findInCurrentRoll(platform(others), wallet, mine)).toMatchObject({ kind: 'absent' });
    expect(await findInCurrentRoll(platform([...others, { ...own, name: 'Eve' }]), wallet, mine)).toMatchObject({ kind: 'absent' });
  });

  it('T45: calls nobody a member whose capsule is missing or holds another name', async () => {
    const swapped = platform([...others, { ...own, capsuleName: 'Eve' }]);
    expect(await findInCurrentRoll(swapped, wallet, mine)).toMatchObject({ kind: 'nameless' });
    const stranger = { ...platform([...others, own]), getNames: platform(others).getNames };
    expect(await findInCurrentRoll(stranger, wallet, mine).catch((error: ApiError) => error.code)).toMatchObject({ kind: 'unreachable' });
    const cut = { ...platform([...others, own]), getNames: async () => new Uint8Array(33) };
    expect(await findInCurrentRoll(cut, wallet, mine)).toEqual({ kind: 'broken' });
  });

  it('T47: asks for both lists whole, by the hash of the roll, and for nothing that another member would not ask for', async () => {
    const shown = platform([...others, own]);
    await findInCurrentRoll(shown, wallet, mine);
    const asked = [...shown.requests];
    shown.requests.length = 0;
    await findInCurrentRoll(shown, others[3]!.wallet, { ...mine, name: 'Other 3' });
    expect(shown.requests).toEqual(asked);
    expect(new Set(asked).size).toBe(1);
  });

  it('warns of a roll that the pinned issuer has not signed, and of members and names that are not under its roots', async () => {
    const foreign = platform([own, ...others], { sign: new Uint8Array(32).fill(8) });
    expect(await findInCurrentRoll(foreign, wallet, mine)).toEqual({ kind: 'broken' });
    const swapped = platform(others, { shown: [own, ...others.slice(1)] });
    expect(await findInCurrentRoll(swapped, wallet, mine)).toEqual({ kind: 'broken' });
    const honest = platform([own, ...others.slice(1)]);
    const renamed = { ...honest, getNames: platform([own, ...others.slice(1)], { shown: [own, ...others.slice(0, 8)] }).getNames };
    expect(await findInCurrentRoll(renamed, wallet, mine)).toEqual({ kind: 'broken' });
  });

  it('says whether it can tell an older roll from the newest, and refuses an older or another one', async () => {
    const shown = platform([...others, own]);
    expect(await findInCurrentRoll(shown, wallet, mine)).toMatchObject({ kind: 'found', isFirst: true });
    const [header] = (await shown.getGroup()).rolls;
    const having = (change: object) => rememberRoll(wallet, { ...seenRoll(header!), ...change });
    expect(await findInCurrentRoll(shown, having({}), mine)).toMatchObject({ kind: 'found', isFirst: false });
    expect(await findInCurrentRoll(shown, having({ number: 2 }), mine)).toEqual({ kind: 'older', header });
    expect(await findInCurrentRoll(shown, having({ hash: 'f'.repeat(64) }), mine)).toEqual({ kind: 'forked', header });
  });

  it('tells a group without a roll, a group that is gone and a platform out of reach apart', async () => {
    const empty = { ...platform(others), getGroup: async () => ({ id, group, rolls: [] }) };
    expect(await findInCurrentRoll(empty, wallet, mine)).toEqual({ kind: 'no-roll' });
    const failing = (code: string, status: number) => ({
      ...platform(others),
      getGroup: async () => {
        throw new ApiError(code, 'a sentence', status);
      },
    });
    expect(await findInCurrentRoll(failing('GROUP_NOT_FOUND', 404), wallet, mine)).toEqual({ kind: 'unknown-group' });
    expect(await findInCurrentRoll(failing('NETWORK', 0), wallet, mine)).toEqual({ kind: 'unreachable', message: 'a sentence' });
  });
});

describe('a membership brought back by the words', () => {
  const restored = emptyWallet(wallet.root);
  const link = `https://example.org/groups/${id}`;
  const wish = { link, name: 'Ada', platform: 'https://example.org' };

  it('is found by the link of the group and the name, however the accents were typed', async () => {
    const shown = platform([...others, own]);
    const back = await bringBack(shown, restored, { ...wish, name: ' Ada ' });
    expect(back).toMatchObject({ ok: true, value: { membership: mine, isFirst: true } });
    const accented = { wallet, name: 'Zo\u00eb' };
    expect(await bringBack(platform([...others, accented]), restored, { ...wish, name: 'Zoe\u0308' })).toMatchObject({ ok: true });
  });

  it('is not found under another name, by other words, at another site or by a broken link', async () => {
    const shown = platform([...others, own]);
    const code = async (change: Partial<typeof wish>, by = restored) => {
      const back = await bringBack(shown, by, { ...wish, ...change });
      return back.ok ? 'ok' : back.code;
    };
    expect(await code({ name: 'Ada L' })).toBe('NOT_IN_ROLL');
    expect(await code({ name: '' })).toBe('BAD_NAME');
    expect(await code({}, createWallet(random))).toBe('NOT_IN_ROLL');
    expect(await code({ link: link.replace('example', 'another') })).toBe('OTHER_SITE');
    expect(await code({ link: 'https://example.org/groups' })).toBe('BAD_LINK');
    expect(await code({ link: `https://example.org/groups/${'a'.repeat(64)}` })).toBe('BAD_GROUP');
    const foreign = platform([...others, own], { sign: new Uint8Array(32).fill(8) });
    expect(await bringBack(foreign, restored, wish)).toMatchObject({ code: 'BROKEN' });
    const older = rememberRoll(restored, { group: id, number: 2, hash: 'f'.repeat(64), time: 1001 });
    expect(await code({}, older)).toBe('OLDER_ROLL');
  });
});
