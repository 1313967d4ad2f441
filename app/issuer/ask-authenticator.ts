import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import type { PasskeyQuestion } from '#lib/api/issuer-shapes.ts';

type Options = { optionsJSON: Parameters<typeof startAuthentication>[0]['optionsJSON'] };
type NewOptions = { optionsJSON: Parameters<typeof startRegistration>[0]['optionsJSON'] };

/** Asks for a passkey of this site. @returns its answer, as JSON; null where the person or the browser called it off */
export function showPasskey(question: PasskeyQuestion): Promise<string | null> {
  return settle(startAuthentication({ optionsJSON: question } as Options));
}

/** Has a passkey made. @returns what is to be kept of it, as JSON; null where the person or the browser called it off */
export function makePasskey(question: PasskeyQuestion): Promise<string | null> {
  return settle(startRegistration({ optionsJSON: question } as unknown as NewOptions));
}

function settle(answer: Promise<object>): Promise<string | null> {
  return answer.then(JSON.stringify, (error: unknown) => {
    if (error instanceof Error && ['NotAllowedError', 'AbortError', 'InvalidStateError'].includes(error.name)) return null;
    throw error;
  });
}
