import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, constants as zlib } from 'node:zlib';
import { commitmentOf, nullifierOf } from '#lib/protocol/member/credential.ts';
import { parseInvitation } from '#lib/protocol/member/enrolment.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { identityOfRoot, rootOfWords } from '#lib/protocol/member/recovery.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { type Statement, scopeOf } from '#lib/protocol/statement/statement.ts';
import { value } from '../signing/stage.ts';
import { PASSPHRASE } from './people.ts';

/** What is looked for, by what it is called in a report. */
export type Needles = Record<string, string>;

/** What follows from the words and the invitation of a member, and must not lie on a disk. */
export function needlesOf(words: readonly string[], link: string): Needles {
  const { group, name } = value(parseInvitation(new URL(link).hash.slice(1)));
  const root = value(rootOfWords(words.join(' ')));
  const identity = identityOfRoot(root);
  return {
    words: words.join(' '),
    root,
    secret: formatField(identity.secret),
    commitment: formatField(commitmentOf(identity, groupId(group))),
    membership: membershipOf(identity, groupId(group)),
    name,
    passphrase: PASSPHRASE,
  };
}

/** The nullifier of the same member under a statement. */
export function nullifierUnder({ root }: Needles, statement: Statement): string {
  return formatField(nullifierOf(identityOfRoot(root as string), scopeOf(statement)));
}

const PIECE = 12;
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/**
 * Searches all files of a browser's profile as whoever seizes the disk would: as UTF-8 and UTF-16, a hexadecimal number as bytes too, and
 * inside what was packed with gzip. A database may break a text up, so that any twelve characters of it in a row count.
 * @returns a line for each file and needle
 */
export function searchProfile(folder: string, needles: Needles): string[] {
  const forms = Object.entries(needles).map(([name, text]) => ({ name, forms: formsOf(text) }));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(path.join(folder, file)).isFile());
  return files.flatMap((file) => {
    const parts = unpack(readFileSync(path.join(folder, file)));
    const found = forms.filter((needle) => needle.forms.some((form) => parts.some((part) => part.includes(form))));
    return found.map(({ name }) => `${file}: ${name}`);
  });
}

function formsOf(text: string): Buffer[] {
  const pieces = Array.from({ length: Math.max(1, Math.floor(text.length / PIECE)) }, (_, i) => text.slice(i * PIECE, (i + 1) * PIECE));
  const texts = pieces.flatMap((piece) => [Buffer.from(piece, 'utf8'), Buffer.from(piece, 'utf16le')]);
  const bytes = /^([0-9a-f]{2}){16,}$/.test(text) ? Buffer.from(text, 'hex') : null;
  return bytes ? [...texts, bytes.subarray(0, PIECE), bytes.subarray(-PIECE)] : texts;
}

/** A file and all that it holds packed. */
function unpack(file: Buffer): Buffer[] {
  const parts = [file];
  for (let at = file.indexOf(GZIP); at >= 0; at = file.indexOf(GZIP, at + 1)) {
    try {
      parts.push(gunzipSync(file.subarray(at), { finishFlush: zlib.Z_SYNC_FLUSH }));
    } catch {
      // three bytes that only look like the beginning of something packed
    }
  }
  return parts;
}
