// SPEC §3.6: the root of a wallet, the words that encode it, and what follows from it
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { type Hex32, hashBytes, hashToField } from '../messages/hash.ts';
import type { Random } from '../numbers/random.ts';
import type { Identity } from './credential.ts';

/** How many words encode a root. */
export const WORD_COUNT = 24;

const KNOWN = new Set(wordlist);

/** 32 bytes, drawn once for each wallet. Whoever learns them can do all that its owner can; they leave the device as words on paper. */
export function createRoot(random: Random): Hex32 {
  return bytesToHex(random(32));
}

/** The secret of a wallet, a `hashToField` of its root: the same on every device on which the words are given. SPEC §3.6. */
export function identityOfRoot(root: Hex32): Identity {
  return { secret: hashToField('wallet-secret', { root }) };
}

/** The key of a wallet's backups, 32 bytes. It tells nothing of the secret. SPEC §3.6. */
export function backupKeyOf(root: Hex32): Uint8Array {
  return hashBytes('backup-key', { root });
}

/** The 24 words of a root: BIP39 with the English list, the last word holding eight bits of a check sum. SPEC §3.6. */
export function wordsOfRoot(root: Hex32): string[] {
  return entropyToMnemonic(hexToBytes(root), wordlist).split(' ');
}

/**
 * Reads words as a person copies them: in any case, with numbers, commas or lines between them. The detail of a refusal says which
 * word is at fault by its place and never repeats one. SPEC §3.6.
 */
export function rootOfWords(text: string): Checked<Hex32, 'BAD_WORDS'> {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const stranger = words.findIndex((word) => !KNOWN.has(word));
  if (stranger >= 0) return refuse('BAD_WORDS', `word ${stranger + 1} is not in the list of words`);
  if (words.length !== WORD_COUNT) return refuse('BAD_WORDS', `there must be ${WORD_COUNT} words, and there are ${words.length}`);
  try {
    return accept(bytesToHex(mnemonicToEntropy(words.join(' '), wordlist)));
  } catch {
    return refuse('BAD_WORDS', 'one of the words is another, or two have changed places');
  }
}
