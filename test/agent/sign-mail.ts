import { createHash, createSign, type KeyObject, sign } from 'node:crypto';

/** A field of a header as name and value. */
export type Field = readonly [name: string, value: string];

type SigningTerms = {
  key: KeyObject;
  domain: string;
  selector: string;
  /** What `h=` lists. */
  names?: readonly string[];
  /** Further tags, such as `i=` or `x=`. */
  tags?: Readonly<Record<string, string>>;
  algorithm?: string;
};

/** RFC 6376 §3.4.2, written here once more, so that the checker is not compared with itself. */
function relax([name, value]: Field): string {
  return `${name.toLowerCase()}:${value
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim()}`;
}

/** Signs fields as a mail server does, relaxed, over a body that nobody looks at. @returns the header with its signature in front */
export function signHeader(fields: readonly Field[], terms: SigningTerms): string {
  const { key, domain, selector, names = ['from', 'to', 'subject', 'date'], tags = {} } = terms;
  const algorithm = terms.algorithm ?? (key.asymmetricKeyType === 'ed25519' ? 'ed25519-sha256' : 'rsa-sha256');
  const bodyHash = createHash('sha256').update('\r\n').digest('base64');
  const all = { v: '1', a: algorithm, c: 'relaxed/relaxed', d: domain, s: selector, h: names.join(':'), bh: bodyHash, ...tags, b: '' };
  const value = Object.entries(all)
    .map(([tag, text]) => `${tag}=${text}`)
    .join('; ');
  const left = [...fields];
  const covered = names.flatMap((name) => {
    const at = left.findLastIndex(([one]) => one.toLowerCase() === name.toLowerCase());
    return at < 0 ? [] : left.splice(at, 1).map((field) => `${relax(field)}\r\n`);
  });
  const text = `${covered.join('')}${relax(['DKIM-Signature', value])}`;
  const signature =
    key.asymmetricKeyType === 'ed25519'
      ? sign(null, createHash('sha256').update(text).digest(), key)
      : createSign(algorithm === 'rsa-sha1' ? 'sha1' : 'sha256')
          .update(text)
          .sign(key);
  return writeHeader([['DKIM-Signature', value + signature.toString('base64')], ...fields]);
}

export function writeHeader(fields: readonly Field[]): string {
  return fields.map(([name, value]) => `${name}: ${value}`).join('\r\n');
}
