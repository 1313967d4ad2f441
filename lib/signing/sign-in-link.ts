import { piecesOf, undoMail } from './mailed-text.ts';

/** What the end of an issuer's one-time link holds: nothing, its token, or a part of one. */
export type LinkedToken = { kind: 'none' } | { kind: 'cut' } | { kind: 'token'; token: string };

/** 32 bytes in base64url. */
const LETTERS = 43;

/** Reads the token from the end of a sign-in link, with or without the `#`, whatever a mail program has put round it and into it. */
export function readSignInToken(hash: string): LinkedToken {
  const plain = undoMail(hash).replace(/^\s*#/, '');
  let joined = '';
  for (const { text } of piecesOf(plain, /[A-Za-z0-9_-]/)) {
    joined += text;
    if (joined.length >= LETTERS) break;
  }
  const isWhole = joined.length >= LETTERS && /^[-_]*$/.test(joined.slice(LETTERS));
  if (isWhole) return { kind: 'token', token: joined.slice(0, LETTERS) };
  return { kind: joined === '' ? 'none' : 'cut' };
}
