import { describe, expect, it } from 'vitest';
import { findInCurrentRoll } from '#app/wallet/find-in-roll.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { encodeRollFile } from '#lib/api/roll-file.ts';
import { commitmentOf, leafOf } from '#lib/protocol/member/credential.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { type RollHeader, rollHash, signRoll } from '#lib/protocol/member/roll.ts';
import { plantTree } from '#lib/protocol/member/roll-tree.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { createWallet, identityOf } from '#lib/signing/wallet.ts';

const seed = new Uint8Array(32).fill(9);
const group = { issuer: publicKeyOf(seed), name: 'Choir' };
const id = groupId(group);
let drawn = 0;
const random = (length: number) => new Uint8Array(length).fill(++drawn);
const wallet = createWallet(random);
const mine: Membership = { group, name: 'Ada', platform: 'https://example.org' };

const leafFor = (holder: Wallet, name: string) => leafOf(commitmentOf(identityOf(holder), id), name);
const others = Array.from({ length: 9 }, (_, i) => leafFor(createWallet(random), `Other ${i}`));

function platform(leaves: bigint[], sign = seed) {
  const header = signRoll({ group, number: 1, time: 1000, trustees: [], leaves: leaves as never }, sign);
  return serving(header, encodeRollFile(plantTree(leaves as never, header.depth)));
}

function serving(header: RollHeader, file: Uint8Array) {
  return {
    getGroup: async () => ({ id, group, rolls: [header] }),
    getLeaves: async (hash: string) => {
      if (hash !== rollHash(header)) throw new ApiError('ROLL_NOT_FOUND', 'no such roll', 404);
      return file;
    },
  };
}

describe('a look into the current roll', () => {
  it('finds the own leaf among others', async () => {
    expect(await findInCurrentRoll(platform([...others, leafFor(wallet, 'Ada')]), wallet, mine)).toMatchObject({ kind: 'found' });
  });

  it('says so when the roll does not hold this wallet, or attests another name', async () => {
    expect(await findInCurrentRoll(platform(others), wallet, mine)).toMatchObject({ kind: 'absent' });
    expect(await findInCurrentRoll(platform([...others, leafFor(wallet, 'Eve')]), wallet, mine)).toMatchObject({ kind: 'absent' });
  });

  it('warns of a roll that the pinned issuer has not signed, and of members that are not under its root', async () => {
    const foreign = platform([leafFor(wallet, 'Ada'), ...others], new Uint8Array(32).fill(8));
    expect(await findInCurrentRoll(foreign, wallet, mine)).toEqual({ kind: 'broken' });
    const header = signRoll({ group, number: 1, time: 1000, trustees: [], leaves: others }, seed);
    const swapped = serving(header, encodeRollFile(plantTree([leafFor(wallet, 'Ada'), ...others.slice(1)], header.depth)));
    expect(await findInCurrentRoll(swapped, wallet, mine)).toEqual({ kind: 'broken' });
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
