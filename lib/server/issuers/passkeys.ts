import 'server-only';
import { createHash } from 'node:crypto';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { z } from 'zod';
import type { ClerkOf } from '#db/approve-issuer.ts';
import type { Database } from '#db/client.ts';
import { and, asc, eq, lte } from '#db/drizzle.cjs';
import { clerks, passkeys, spentChallenges } from '#db/schema/clerks.ts';
import type { PasskeyList } from '#lib/api/issuer-shapes.ts';
import { parseJson } from '#lib/protocol/messages/json.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { transactInLine } from '../in-line.ts';
import type { SignedIn } from '../session.ts';
import { logChange } from './log.ts';
import { endOfChallenge, isOwnChallenge, makeChallenge } from './passkey-challenge.ts';

/** What a browser's authenticator said, as JSON. */
const responseShape = z.strictObject({ response: z.string().min(2).max(16_000) });
const MOST_PASSKEYS = 20;
const ENTRY = 'enter';
const additionBy = ({ clerk }: ClerkOf) => `add ${clerk}`;

/** The options with which a browser makes a passkey for a clerk. It bears no name: what the browser shows is the same for all clerks. */
export async function questionForNew(ctx: Context, by: SignedIn) {
  const kept = await ctx.db.select({ id: passkeys.id }).from(passkeys).where(eq(passkeys.clerk, by.clerk));
  return generateRegistrationOptions({
    rpName: 'Round Robin',
    rpID: hostOf(ctx),
    userName: 'Issuer',
    userID: new Uint8Array(Buffer.from(by.clerk.replaceAll('-', ''), 'hex')),
    challenge: makeChallenge(ctx.signingSeed, additionBy(by), ctx.now()),
    attestationType: 'none', // which device it is must not be learnt
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: kept,
  });
}

/** Keeps a passkey that a browser has made. @throws AppError BAD_SHAPE, BAD_PASSKEY, TOO_MANY_PASSKEYS */
export async function addPasskey(ctx: Context, by: SignedIn, value: unknown): Promise<void> {
  const response = readResponse(value) as RegistrationResponseJSON;
  const { challenge, isOwn } = watchChallenge(ctx, additionBy(by));
  const verified = await verifyRegistrationResponse({ response, expectedChallenge: isOwn, ...placeOf(ctx) }).catch(() => null);
  if (!verified?.verified) throw new AppError('BAD_PASSKEY');
  const { id, publicKey, counter } = verified.registrationInfo.credential;
  await transactInLine(ctx, `clerk ${by.clerk}`, async (tx) => {
    await tx.select({ id: clerks.id }).from(clerks).where(eq(clerks.id, by.clerk)).for('update');
    if ((await tx.$count(passkeys, eq(passkeys.clerk, by.clerk))) >= MOST_PASSKEYS) throw new AppError('TOO_MANY_PASSKEYS');
    await spendChallenge(tx, challenge(), ctx.now());
    const added = await tx
      .insert(passkeys)
      .values({ id, clerk: by.clerk, publicKey: new Uint8Array(publicKey), counter })
      .onConflictDoNothing()
      .returning({ id: passkeys.id });
    if (added.length === 0) throw new AppError('BAD_PASSKEY');
    await logChange(tx, by, ctx.now(), { action: 'passkey-added' });
  });
}

/** The options with which a browser asks for any passkey of this site: the same for everybody. */
export async function questionForEntry(ctx: Context) {
  const challenge = makeChallenge(ctx.signingSeed, ENTRY, ctx.now());
  return generateAuthenticationOptions({ rpID: hostOf(ctx), challenge, userVerification: 'required' });
}

/**
 * Signs in the clerk whose passkey has answered a challenge, once. One whose count falls back has a copy, and signs nobody in.
 * @throws AppError BAD_SHAPE, BAD_PASSKEY
 */
export async function enterByPasskey(ctx: Context, value: unknown): Promise<ClerkOf> {
  const response = readResponse(value) as AuthenticationResponseJSON;
  const [row] = isCredentialId(response.id)
    ? await ctx.db.select().from(passkeys).innerJoin(clerks, eq(clerks.id, passkeys.clerk)).where(eq(passkeys.id, response.id))
    : [];
  if (row?.clerks.state !== 'in') throw new AppError('BAD_PASSKEY');
  const { id, publicKey, counter } = row.passkeys;
  const { challenge, isOwn } = watchChallenge(ctx, ENTRY);
  const credential = { id, publicKey: new Uint8Array(publicKey), counter };
  const verified = await verifyAuthenticationResponse({ response, expectedChallenge: isOwn, ...placeOf(ctx), credential }).catch(
    () => null,
  );
  if (!verified?.verified) throw new AppError('BAD_PASSKEY');
  await ctx.db.transaction(async (tx) => {
    await spendChallenge(tx, challenge(), ctx.now());
    await tx.update(passkeys).set({ counter: verified.authenticationInfo.newCounter }).where(eq(passkeys.id, id));
  });
  return { issuer: row.clerks.issuer, clerk: row.clerks.id };
}

/** The passkeys of a clerk, oldest first. */
export async function listPasskeys(ctx: Context, { clerk }: SignedIn): Promise<PasskeyList['passkeys']> {
  const kept = eq(passkeys.clerk, clerk);
  return ctx.db.select({ id: passkeys.id, since: passkeys.since }).from(passkeys).where(kept).orderBy(asc(passkeys.since), passkeys.id);
}

/** @throws AppError PASSKEY_NOT_FOUND, for one of another clerk too */
export async function removePasskey(ctx: Context, by: SignedIn, id: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const own = and(eq(passkeys.id, id), eq(passkeys.clerk, by.clerk));
    const gone = isCredentialId(id) ? await tx.delete(passkeys).where(own).returning({ id: passkeys.id }) : [];
    if (gone.length === 0) throw new AppError('PASSKEY_NOT_FOUND');
    await logChange(tx, by, ctx.now(), { action: 'passkey-removed' });
  });
}

function readResponse(value: unknown): object {
  const json = parseJson(requireOk(checkShape(responseShape, value)).response);
  if (!json.ok || typeof json.value !== 'object' || json.value === null) throw new AppError('BAD_PASSKEY');
  return json.value;
}

/** Base64url, of at most 1,023 bytes (WebAuthn §4). PostgreSQL takes no NUL in a text. */
function isCredentialId(id: unknown): id is string {
  return typeof id === 'string' && /^[\w-]{1,1364}$/.test(id);
}

function hostOf(ctx: Context): string {
  return new URL(ctx.publicUrl).hostname;
}

function placeOf(ctx: Context) {
  return { expectedOrigin: ctx.publicUrl, expectedRPID: hostOf(ctx), requireUserVerification: true };
}

/** Judges the challenge that the library finds in an answer, and keeps it for being spent. */
function watchChallenge(ctx: Context, purpose: string): { isOwn: (text: string) => boolean; challenge: () => Uint8Array } {
  let seen: Uint8Array = new Uint8Array();
  return {
    isOwn: (text) => {
      seen = new Uint8Array(Buffer.from(text, 'base64url'));
      return isOwnChallenge(ctx.signingSeed, purpose, seen, ctx.now());
    },
    challenge: () => seen,
  };
}

/** @throws AppError BAD_PASSKEY for one that was spent before */
async function spendChallenge(tx: Database, challenge: Uint8Array, now: number): Promise<void> {
  await tx.delete(spentChallenges).where(lte(spentChallenges.expiresAt, now));
  const row = { hash: createHash('sha256').update(challenge).digest('hex'), expiresAt: endOfChallenge(challenge) };
  const spent = await tx.insert(spentChallenges).values(row).onConflictDoNothing().returning({ hash: spentChallenges.hash });
  if (spent.length === 0) throw new AppError('BAD_PASSKEY');
}
