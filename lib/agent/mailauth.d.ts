// The parts of mailauth that check a signature over header fields; it types only what needs a whole message.
declare module 'mailauth/lib/tools.js' {
  export type HeaderField = { key: string; casedKey: string; line: Buffer };
  export type TagList = {
    parsed: Record<string, { value: string | number } | undefined>;
    tags: { name: string; value: string }[];
    syntaxErrors: string[];
  };
  export type Resolver = (name: string, type: string) => Promise<string[][]>;
  export function parseHeaders(block: Buffer): { parsed: HeaderField[] };
  export function parseDkimHeaders(line: Buffer, options: { strict: boolean }): TagList & { original: Buffer };
  export function getSigningHeaderLines(fields: HeaderField[], names: string, verify: boolean): { keys: string; headers: HeaderField[] };
  export function getPublicKey(
    type: 'DKIM',
    name: string,
    minBitLength: number,
    resolver: Resolver,
    options: { strict: boolean; hashAlgo: string },
  ): Promise<{ publicKey: string; keyType: 'rsa' | 'ed25519'; testing: boolean }>;
}

declare module 'mailauth/lib/dkim/header/index.js' {
  import type { HeaderField } from 'mailauth/lib/tools.js';
  export function generateCanonicalizedHeader(
    type: 'DKIM',
    lines: { keys: string; headers: HeaderField[] },
    options: { signatureHeaderLine: Buffer; canonicalization: string; strict: boolean },
  ): { canonicalizedHeader: Buffer };
}
