import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

/** An authenticator in software that keeps one ES256 key: it answers what a browser asks, or something else where a test says so. */
export type Authenticator = {
  make(challenge: string, origin: string): string;
  show(challenge: string, origin: string, change?: { counter?: number; isVerified?: boolean; host?: string }): string;
};

const [PRESENT, VERIFIED, WITH_KEY] = [0x01, 0x04, 0x40];
const url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

export function createAuthenticator(): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(16);
  let counter = 0;
  return {
    make(challenge, origin) {
      const idLength = Buffer.from([0, id.length]);
      const authData = Buffer.concat([headOf(origin, PRESENT | VERIFIED | WITH_KEY, 0), Buffer.alloc(16), idLength, id, coseOf(publicKey)]);
      const attestationObject = isoCBOR.encode(
        new Map<string, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', new Uint8Array(authData)],
        ]) as Parameters<typeof isoCBOR.encode>[0],
      );
      return answerOf(id, {
        clientDataJSON: url(clientData('webauthn.create', challenge, origin)),
        attestationObject: url(attestationObject),
      });
    },
    show(challenge, origin, change = {}) {
      counter += 1;
      const flags = PRESENT | (change.isVerified === false ? 0 : VERIFIED);
      const authData = headOf(change.host ? `https://${change.host}` : origin, flags, change.counter ?? counter);
      const data = clientData('webauthn.get', challenge, origin);
      const signature = sign('sha256', Buffer.concat([authData, createHash('sha256').update(data).digest()]), privateKey);
      return answerOf(id, { clientDataJSON: url(data), authenticatorData: url(authData), signature: url(signature) });
    },
  };
}

function answerOf(id: Buffer, response: Record<string, string>): string {
  return JSON.stringify({ id: url(id), rawId: url(id), type: 'public-key', clientExtensionResults: {}, response });
}

function clientData(type: string, challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

/** What stands first in an authenticator's data: whose site, what it saw, how often it has signed. */
function headOf(origin: string, flags: number, counter: number): Buffer {
  const tail = Buffer.alloc(5);
  tail.writeUInt8(flags, 0);
  tail.writeUInt32BE(counter, 1);
  return Buffer.concat([createHash('sha256').update(new URL(origin).hostname).digest(), tail]);
}

/** A key of P-256 in COSE (RFC 9053 §7.1.1). */
function coseOf(key: KeyObject): Uint8Array {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const coordinate = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
  const entries: [number, number | Uint8Array][] = [
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, coordinate(x)],
    [-3, coordinate(y)],
  ];
  return isoCBOR.encode(new Map(entries) as Parameters<typeof isoCBOR.encode>[0]);
}
