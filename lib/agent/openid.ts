// Way 3: OpenID Connect. A person is (iss, sub), never an e-mail or a name
import { readFile } from 'node:fs/promises';
import * as client from 'openid-client';
import { requireSecretFile } from '#lib/host/private-places.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { WaySettings } from './settings.ts';

export type OpenIdSettings = Extract<WaySettings, { way: 3 }>;

/** What a session keeps between its two steps. */
export type PendingSignIn = { state: string; nonce: string; verifier: string; expires: number };

export type OpenIdFault =
  | 'OPENID_OVER'
  | 'OPENID_REFUSED'
  | 'OTHER_ISSUER'
  | 'OTHER_AUDIENCE'
  | 'OTHER_TENANT'
  | 'GUEST'
  | 'NO_ROSTER_CLAIM';
/** Who signed in: one text for (iss, sub), and the value of the claim that leads to the roster. */
export type SignedInPerson = { subject: string; rosterValue: string };

export type OpenIdDesk = {
  /** Where the browser goes, and what its session keeps. */
  begin(now: number): Promise<{ url: URL; pending: PendingSignIn }>;
  /** @param url the whole address with which the browser came back @returns as the detail of OPENID_REFUSED a code for the operator */
  finish(url: URL, pending: PendingSignIn | undefined, now: number): Promise<Checked<SignedInPerson, OpenIdFault>>;
};

const LIFE_SECONDS = 600;

/** Reads the provider's own description of itself. @throws Error when it cannot be reached or names another issuer */
export async function openSignInDesk(settings: OpenIdSettings, redirectUri: string): Promise<OpenIdDesk> {
  const { issuer, clientId, clientSecretFile, allowHttp } = settings;
  if (clientSecretFile) requireSecretFile(clientSecretFile);
  const secret = clientSecretFile ? (await readFile(clientSecretFile, 'utf8')).trim() : undefined;
  // The ID token must be signed whatever way it came: it decides who somebody is.
  const execute = [client.enableNonRepudiationChecks, ...(allowHttp ? [client.allowInsecureRequests] : [])];
  const authentication = secret === undefined ? client.None() : client.ClientSecretBasic(secret);
  const provider = await client.discovery(new URL(issuer), clientId, { redirect_uris: [redirectUri] }, authentication, { execute });
  return {
    async begin(now) {
      const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
      const url = client.buildAuthorizationUrl(provider, {
        redirect_uri: redirectUri,
        scope: 'openid',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { url, pending: { state, nonce, verifier, expires: now + LIFE_SECONDS } };
    },
    async finish(url, pending, now) {
      if (!pending || now >= pending.expires) return refuse('OPENID_OVER', 'this sign-in is over');
      const checks = {
        pkceCodeVerifier: pending.verifier,
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        idTokenExpected: true,
      };
      try {
        const answer = await client.authorizationCodeGrant(provider, url, checks);
        return judgeClaims((answer.claims() ?? {}) as Record<string, unknown>, settings);
      } catch (error) {
        return refuse('OPENID_REFUSED', codeOf(error));
      }
    },
  };
}

/** Why a sign-in was not confirmed: the library's own code, which says nothing of anybody. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'fault';
}

/**
 * Judges the claims of an ID token whose signature, times and nonce hold: exact issuer, audience and tenant, no guest, and the claim
 * that leads to the roster.
 */
export function judgeClaims(claims: Readonly<Record<string, unknown>>, settings: OpenIdSettings): Checked<SignedInPerson, OpenIdFault> {
  const { iss, aud, azp, sub } = claims;
  if (iss !== settings.issuer) return refuse('OTHER_ISSUER', 'another service signed this in');
  const audience = Array.isArray(aud) ? aud : [aud];
  const isForUs = audience.length === 1 && audience[0] === settings.clientId && (azp === undefined || azp === settings.clientId);
  if (!isForUs) return refuse('OTHER_AUDIENCE', 'the sign-in was for another application');
  if (settings.tenant && claims[settings.tenant.claim] !== settings.tenant.value)
    return refuse('OTHER_TENANT', 'this account belongs to another organisation');
  if (isGuest(claims)) return refuse('GUEST', 'guests of an organisation are not admitted');
  const rosterValue = claims[settings.rosterClaim];
  if (typeof sub !== 'string' || sub === '' || typeof rosterValue !== 'string' || rosterValue === '')
    return refuse('NO_ROSTER_CLAIM', 'your account says nothing that leads to the roster');
  return accept({ subject: JSON.stringify([iss, sub]), rosterValue });
}

/** Accounts of another home that are let in: Entra ID says so by `acct` 1 or an `idp` that is not the issuer. */
function isGuest({ acct, idp, iss }: Readonly<Record<string, unknown>>): boolean {
  return (acct !== undefined && acct !== 0 && acct !== '0') || (idp !== undefined && idp !== iss);
}
