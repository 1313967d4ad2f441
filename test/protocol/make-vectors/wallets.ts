// SPEC §3.6: roots, words, backups
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { openBackup, sealBackup } from '#lib/protocol/member/backup.ts';
import { backupKeyOf, createRoot, identityOfRoot, rootOfWords, wordsOfRoot } from '#lib/protocol/member/recovery.ts';
import type { WalletContent } from '#lib/protocol/member/wallet-file.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { seeded } from '#test/circuits/signer.ts';
import { type Case, type Chapter, computed, judged } from './chapter.ts';

const ROOT = createRoot(seeded('wallet'));
const WORDS = wordsOfRoot(ROOT);
const CONTENT: WalletContent = {
  memberships: [
    {
      group: { issuer: publicKeyOf(new Uint8Array(32).fill(3)), name: 'Harbour pilots' },
      name: 'Žofie Nováková',
      platform: 'https://example.org',
    },
  ],
  rolls: [{ group: '1a'.repeat(32), number: 2, hash: '2b'.repeat(32), time: 1_800_000_000 }],
  receipts: [],
};
const SEALED = bytesToHex(sealBackup(ROOT, CONTENT, seeded('backup')));

const derive = (name: string, root: string): Case => ({ name, input: { root }, expect: 'ok' });
const read = (name: string, expect: string, words: readonly string[] | string): Case => ({
  name,
  input: { words: typeof words === 'string' ? words : words.join(' ') },
  expect,
});
const open = (name: string, expect: string, change: object): Case => ({
  name,
  input: { root: ROOT, sealed: SEALED, ...change } as Json,
  expect,
});

export const wallets: Chapter = {
  file: 'wallets.json',
  section: '3.6',
  operations: {
    root: {
      about: 'output is the words, the secret and the backup key of input.root',
      replay: ({ root }) =>
        computed({
          words: wordsOfRoot(root).join(' '),
          secret: String(identityOfRoot(root).secret),
          backupKey: bytesToHex(backupKeyOf(root)),
        }),
      cases: [
        derive('a wallet', ROOT),
        derive('all zero', '00'.repeat(32)),
        derive('all one', 'ff'.repeat(32)),
        derive('counting', bytesToHex(Uint8Array.from({ length: 32 }, (_, i) => i))),
      ],
    },
    'read-words': {
      about: 'output is the root that input.words encode',
      replay: ({ words }) => judged(rootOfWords(words), (root) => root),
      cases: [
        read('as they are written', 'ok', WORDS),
        read('numbered lines in capitals', 'ok', WORDS.map((word, i) => `${i + 1}. ${word.toUpperCase()}\n`).join('')),
        read('one word too few', 'BAD_WORDS', WORDS.slice(1)),
        read('one word too many', 'BAD_WORDS', [...WORDS, WORDS[0] as string]),
        read('a word that is not in the list', 'BAD_WORDS', WORDS.with(5, 'harbour')),
        read('two words in the place of each other', 'BAD_WORDS', WORDS.with(0, WORDS[1] as string).with(1, WORDS[0] as string)),
        read('no words', 'BAD_WORDS', ''),
      ],
    },
    'open-backup': {
      about: 'whether the backup input.sealed opens with input.root; output is what it holds',
      replay: ({ root, sealed }) => judged(openBackup(root, hexToBytes(sealed)), (content) => content as Json),
      cases: [
        open('a membership and the newest roll seen', 'ok', {}),
        open('other words', 'OTHER_WORDS', { root: 'ff'.repeat(32) }),
        open('a byte changed', 'OTHER_WORDS', { sealed: `${SEALED.slice(0, -2)}${SEALED.endsWith('00') ? '01' : '00'}` }),
        open('a backup of something else', 'BAD_BACKUP', {
          sealed: bytesToHex(sealBackup(ROOT, { ...CONTENT, rolls: 7 as never }, seeded('odd backup'))),
        }),
      ],
    },
  },
};
