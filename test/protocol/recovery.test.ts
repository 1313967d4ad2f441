import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBackup, openBackup, parseBackup, sealBackup } from '#lib/protocol/member/backup.ts';
import { backupKeyOf, createRoot, identityOfRoot, rootOfWords, wordsOfRoot } from '#lib/protocol/member/recovery.ts';
import { parseWallet, type WalletContent } from '#lib/protocol/member/wallet-file.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { seeded } from '../circuits/signer.ts';
import { value } from '../signing/stage.ts';

const root = createRoot(seeded('a wallet'));
const words = wordsOfRoot(root);
const membership = {
  group: { issuer: publicKeyOf(new Uint8Array(32)), name: 'Pilots' },
  name: 'Žofie Nováková',
  platform: 'https://example.org',
};
const content: WalletContent = {
  memberships: [membership],
  rolls: [{ group: '1a'.repeat(32), number: 4, hash: '2b'.repeat(32), time: 1_800_000_000 }],
  receipts: [],
};

describe('the 24 words of a wallet', () => {
  it('encode every root, and are read back as people write them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const any = Buffer.from(bytes).toString('hex');
        const sheet = wordsOfRoot(any).map((word, i) => `${i + 1}. ${i % 2 ? word : word.toUpperCase()},`);
        expect(sheet).toHaveLength(24);
        expect(rootOfWords(sheet.join('\n'))).toEqual({ ok: true, value: any });
      }),
      { numRuns: 50 },
    );
  });

  it('are refused with a mistake in them, by its place and without a word of theirs', () => {
    const swapped = words.with(3, words[4]!).with(4, words[3]!);
    expect(swapped).not.toEqual(words);
    const refusals = [
      [words.slice(0, 23), 'there must be 24 words, and there are 23'],
      [[...words, 'zoo'], 'there must be 24 words, and there are 25'],
      [words.with(6, 'harbour'), 'word 7 is not in the list of words'],
      [swapped, 'one of the words is another, or two have changed places'],
      [[], 'there must be 24 words, and there are 0'],
    ] as const;
    for (const [wrong, detail] of refusals) expect(rootOfWords(wrong.join(' '))).toEqual({ ok: false, code: 'BAD_WORDS', detail });
  });

  it('give secret and backup key, which tell nothing of each other or of the root', () => {
    const { secret } = identityOfRoot(root);
    const derived = [root, formatField(secret), secret.toString(16).padStart(62, '0'), Buffer.from(backupKeyOf(root)).toString('hex')];
    expect(new Set(derived.map((text) => text.slice(0, 20))).size).toBe(4);
    expect(identityOfRoot(createRoot(seeded('another wallet'))).secret).not.toBe(secret);
  });
});

describe('a backup', () => {
  const sealed = sealBackup(root, content, seeded('backup'));

  it('brings back what the words do not, and only the words open it', () => {
    expect(openBackup(root, value(parseBackup(formatBackup(sealed))))).toEqual({ ok: true, value: content });
    expect(openBackup(createRoot(seeded('another wallet')), sealed)).toMatchObject({ code: 'OTHER_WORDS' });
    const text = Buffer.from(sealed).toString('latin1');
    expect(text).not.toContain('Pilots');
  });

  it('may be as long as a wallet that keeps many receipts', () => {
    const many = { ...content, memberships: Array.from({ length: 1000 }, (_, i) => ({ ...membership, name: `${i} ${'é'.repeat(90)}` })) };
    const text = formatBackup(sealBackup(root, many, seeded('long')));
    const long = formatBackup(new Uint8Array(7_000_000));
    expect(openBackup(root, value(parseBackup(text)))).toEqual({ ok: true, value: many });
    expect(value(parseBackup(long))).toHaveLength(7_000_000);
  });

  it('is refused when a byte of it was changed, or when it is none', () => {
    for (const at of [0, 30, sealed.length - 1]) {
      const changed = sealed.with(at, sealed[at]! ^ 1);
      expect(openBackup(root, changed)).toMatchObject({ code: 'OTHER_WORDS' });
    }
    expect(openBackup(root, sealed.subarray(0, 10))).toMatchObject({ code: 'OTHER_WORDS' });
    const odd = sealBackup(root, { ...content, rolls: [{ ...content.rolls[0]!, number: 0 }] }, seeded('odd'));
    expect(openBackup(root, odd)).toMatchObject({ code: 'BAD_BACKUP' });
    const file = formatBackup(sealed);
    for (const bad of ['', '{}', file.slice(0, -4), file.replace('"version":1', '"version":2'), `{"a":"${'0'.repeat(2 ** 24)}"}`])
      expect(parseBackup(bad)).toMatchObject({ ok: false, code: 'BAD_BACKUP' });
  });
});

describe('what a wallet holds', () => {
  const wallet = { type: 'round-robin-wallet', version: 3, root, rehearsed: true, ...content };

  it('reads back, and T17: a refusal never repeats what is in it', () => {
    expect(parseWallet(JSON.stringify(wallet))).toEqual({ ok: true, value: wallet });
    for (const wrong of [{ ...wallet, root: `${root}0` }, { ...wallet, version: 2 }, { ...wallet, [root]: 1 }, { root }]) {
      const read = parseWallet(JSON.stringify(wrong));
      expect(read).toMatchObject({ ok: false, code: 'BAD_WALLET' });
      expect(JSON.stringify(read)).not.toContain(root);
    }
    expect(parseWallet(`{"root":"${root}`).ok).toBe(false);
  });
});
