import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser';
import type { PasskeyQuestion } from '#lib/api/issuer-shapes.ts';

type Options = { optionsJSON: Parameters<typeof startAuthentication>[0]['optionsJSON'] };
type NewOptions = { optionsJSON: Parameters<typeof startRegistration>[0]['optionsJSON'] };

/** Why there can be no passkey here, in words for whoever wanted one; `todo` is the cure. */
export class NoPasskeys extends Error {
  readonly todo: string;

  constructor(message: string, todo: string) {
    super(message);
    this.name = 'NoPasskeys';
    this.todo = todo;
  }
}

/**
 * Asks for a passkey of this site.
 * @returns its answer, as JSON; null where the person or the browser called it off @throws NoPasskeys
 */
export function showPasskey(question: PasskeyQuestion): Promise<string | null> {
  return settle(() => startAuthentication({ optionsJSON: question } as Options));
}

/**
 * Has a passkey made.
 * @returns what is to be kept of it, as JSON; null where the person or the browser called it off @throws NoPasskeys
 */
export function makePasskey(question: PasskeyQuestion): Promise<string | null> {
  return settle(() => startRegistration({ optionsJSON: question } as unknown as NewOptions));
}

async function settle(ask: () => Promise<object>): Promise<string | null> {
  if (!browserSupportsWebAuthn()) throw new NoPasskeys('This browser has no passkeys.', 'Use another browser, or sign in by e-mail.');
  try {
    return JSON.stringify(await ask());
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (['NotAllowedError', 'AbortError', 'InvalidStateError'].includes(name)) return null;
    throw explain(name) ?? error;
  }
}

/** What a browser means by the names of its errors. WebAuthn 2, sections 5.1.3, 5.1.4 and 6.3.2 */
function explain(name: string): NoPasskeys | undefined {
  switch (name) {
    case 'SecurityError':
      return new NoPasskeys(
        'Under this address the site can have no passkeys.',
        'Open it by its own name, not by a number, or sign in by e-mail.',
      );
    case 'ConstraintError':
      return new NoPasskeys(
        'This device cannot make sure that it is you.',
        'Give it a lock (a PIN, a fingerprint or your face), or use another device.',
      );
    case 'NotSupportedError':
      return new NoPasskeys('This device makes no passkey that this site could check.', 'Use another device, or sign in by e-mail.');
    default:
      return undefined;
  }
}
