// One DKIM signature over header fields, judged without the body (RFC 6376 §6.1, RFC 8463, RFC 8301)
import { createHash, verify } from 'node:crypto';
import { generateCanonicalizedHeader } from 'mailauth/lib/dkim/header/index.js';
import { getPublicKey, getSigningHeaderLines, type HeaderField, parseDkimHeaders, type Resolver } from 'mailauth/lib/tools.js';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';

export type DkimFault =
  | 'SIGNATURE_MALFORMED'
  | 'SIGNATURE_WEAK'
  | 'FIELDS_UNSIGNED'
  | 'SIGNATURE_IDENTITY'
  | 'SIGNATURE_TIME'
  | 'SIGNER_UNKNOWN'
  | 'KEY_UNUSABLE'
  | 'SIGNATURE_WRONG'
  | 'DNS_FAILED';

/** What a signature must hold besides being right. Times in Unix seconds. */
export type SignatureTerms = {
  /** The one address of From, in lower case. */
  from: string;
  /** Signers (`d=`) that the issuer pinned for the domain of From. */
  signers: readonly string[];
  /** `t=`, if present, lies between these; `x=`, if present, after `now`. */
  earliest: number;
  latest: number;
  now: number;
};

const LEAST_RSA_BITS = 1_024;
const MUST_BE_SIGNED = ['from', 'subject', 'date'];
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Whether one DKIM-Signature field is a valid signature of a pinned signer over From, Subject and Date, with a key that stands in DNS
 * now. Body hash and `l=` play no part: the words stand in the Subject, which is signed.
 */
export async function checkDkimSignature(
  field: HeaderField,
  fields: HeaderField[],
  terms: SignatureTerms,
  resolver: Resolver,
): Promise<Checked<true, DkimFault>> {
  const { parsed, tags, syntaxErrors } = parseDkimHeaders(field.line, { strict: true });
  const tag = (name: string) => tags.find((one) => one.name === name)?.value;
  const [algorithm = '', signer = '', selector = '', names = ''] = [tag('a'), tag('d')?.toLowerCase(), tag('s')?.toLowerCase(), tag('h')];
  const isWhole = ['v', 'a', 'b', 'bh', 'd', 'h', 's'].every((name) => tag(name)) && tag('v') === '1';
  const places = [...signer.split('.'), ...selector.split('.')];
  if (syntaxErrors.length > 0 || !isWhole || !places.every((label) => LABEL.test(label)))
    return refuse('SIGNATURE_MALFORMED', 'the signature is not one of RFC 6376');
  if (algorithm !== 'rsa-sha256' && algorithm !== 'ed25519-sha256')
    return refuse('SIGNATURE_WEAK', 'only sha256 with RSA or Ed25519 is taken');
  if (!terms.signers.includes(signer)) return refuse('SIGNER_UNKNOWN', 'the signer is not the one of this domain');
  const signed = names
    .toLowerCase()
    .split(':')
    .map((name) => name.trim());
  if (!MUST_BE_SIGNED.every((name) => signed.includes(name))) return refuse('FIELDS_UNSIGNED', 'From, Subject and Date must be signed');
  if (!isIdentityOf(tag('i'), terms.from, signer)) return refuse('SIGNATURE_IDENTITY', 'the signature is for another address');
  if (!isTimely(tag('t'), tag('x'), terms)) return refuse('SIGNATURE_TIME', 'the signature is too old, or has expired');
  const key = await findKey(`${selector}._domainkey.${signer}`, resolver);
  if (!key.ok) return key;
  if (key.value.keyType !== algorithm.split('-')[0]) return refuse('KEY_UNUSABLE', 'the key is of another kind');
  const lines = getSigningHeaderLines(fields, names, true);
  const canonicalization = tag('c')?.toLowerCase() ?? 'simple/simple';
  if (!/^(simple|relaxed)(\/(simple|relaxed))?$/.test(canonicalization)) return refuse('SIGNATURE_MALFORMED', 'unknown canonicalization');
  const { canonicalizedHeader } = generateCanonicalizedHeader('DKIM', lines, {
    signatureHeaderLine: field.line,
    canonicalization,
    strict: true,
  });
  const isRight = verifyHeader(algorithm, canonicalizedHeader, key.value.publicKey, String(parsed.b?.value ?? ''));
  return isRight ? accept(true) : refuse('SIGNATURE_WRONG', 'the header is not what was signed');
}

/** RFC 8463 §3 signs the SHA-256 of the header with Ed25519. */
function verifyHeader(algorithm: string, header: Buffer, key: string, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  try {
    if (algorithm === 'rsa-sha256') return verify('sha256', header, key, bytes);
    return verify(null, createHash('sha256').update(header).digest(), key, bytes);
  } catch {
    return false;
  }
}

/** `i=`, if present, must be the address itself or `@d`. RFC 6376 §3.5, without its encoded forms. */
function isIdentityOf(identity: string | undefined, from: string, signer: string): boolean {
  return identity === undefined || [from, `@${signer}`].includes(identity.toLowerCase().trim());
}

function isTimely(time: string | undefined, expiry: string | undefined, { earliest, latest, now }: SignatureTerms): boolean {
  const read = (text: string) => (/^\d{1,12}$/.test(text) ? Number(text) : Number.NaN);
  const isInside = time === undefined || (read(time) >= earliest && read(time) <= latest);
  return isInside && (expiry === undefined || read(expiry) > now);
}

async function findKey(
  name: string,
  resolver: Resolver,
): Promise<Checked<{ publicKey: string; keyType: 'rsa' | 'ed25519' }, 'KEY_UNUSABLE' | 'SIGNATURE_WEAK' | 'DNS_FAILED'>> {
  try {
    const key = await getPublicKey('DKIM', name, LEAST_RSA_BITS, resolver, { strict: true, hashAlgo: 'sha256' });
    return key.testing ? refuse('KEY_UNUSABLE', 'the key is marked as a test') : accept(key);
  } catch (error) {
    const code = String((error as { code?: unknown }).code ?? '');
    if (code === 'ESHORTKEY') return refuse('SIGNATURE_WEAK', 'the key has fewer than 1,024 bits');
    const isAbsent = code.startsWith('EINVALID') || code === 'ENOTFOUND' || code === 'ENODATA';
    return isAbsent
      ? refuse('KEY_UNUSABLE', 'the key does not stand in DNS any more')
      : refuse('DNS_FAILED', 'the key could not be looked up');
  }
}
