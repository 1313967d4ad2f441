import 'server-only';
import { type ClerkOf, findClerk } from '#db/approve-issuer.ts';
import type { Database } from '#db/client.ts';
import { and, asc, eq, max, ne } from '#db/drizzle.cjs';
import { clerks, passkeys, sessions, signInLinks } from '#db/schema/clerks.ts';
import { issuers } from '#db/schema/membership.ts';
import { accountOfAddress } from '#db/sign-in-address.ts';
import { addSignInLink } from '#db/sign-in-link.ts';
import type { ClerkList } from '#lib/api/issuer-shapes.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { transactInLine } from '../in-line.ts';
import { takeMailTurn } from '../mail/mail-turns.ts';
import type { Mail } from '../mail/post-office.ts';
import { readMailAddress } from '../mail/read-mail-address.ts';
import { isUuid, type SignedIn } from '../session.ts';
import { logChange } from './log.ts';

const LIFE_SECONDS = 7 * 86_400;
const MOST_CLERKS = 100;
/** Mails of this kind an hour: of one issuer, and to one address. */
const MOST_ASKED = 10;
const MOST_FOR_ONE = 5;
const BUSY_SECONDS = 30;

/** The clerks of an issuer who are in or asked, by number. */
export async function listClerks(ctx: Context, { issuer, clerk }: SignedIn): Promise<ClerkList['clerks']> {
  const rows = await ctx.db
    .select()
    .from(clerks)
    .where(and(eq(clerks.issuer, issuer), ne(clerks.state, 'out')))
    .orderBy(asc(clerks.number));
  return rows.map(({ id, number, state, since }) => ({ id, number, since, hasJoined: state === 'in', isThis: id === clerk }));
}

/**
 * Asks whoever reads an address, by a mail, to become a clerk of this issuer. The mail bears no word of the asker's, so that nobody can
 * write to strangers by it. Whether the address has an account shows to nobody but its reader.
 * @throws AppError NO_MAIL, BAD_SHAPE, BAD_MAIL_ADDRESS, TOO_MANY_CLERKS, BUSY while too many mails wait or were asked for
 */
export async function askClerk(ctx: Context, by: SignedIn, value: unknown): Promise<{ number: number }> {
  const address = readMailAddress(ctx, value);
  const stored = Promise.withResolvers<string | null>();
  const find = async () => {
    const id = await stored.promise;
    return id === null ? null : makeQuestion(ctx, address, id);
  };
  // Room for the mail comes first: whoever is told to try again would else have asked each time.
  if (!ctx.mail.later(find)) throw new AppError('BUSY', undefined, BUSY_SECONDS);
  try {
    const asked = await storeQuestion(ctx, by);
    stored.resolve(asked.id);
    return { number: asked.number };
  } finally {
    stored.resolve(null);
  }
}

async function storeQuestion(ctx: Context, by: SignedIn): Promise<{ id: string; number: number }> {
  if (!(await takeMailTurn(ctx, `asks:${by.issuer}`, MOST_ASKED))) throw new AppError('BUSY', undefined, BUSY_SECONDS);
  return transactInLine(ctx, `issuer ${by.issuer}`, async (tx) => {
    await tx.select({ id: issuers.id }).from(issuers).where(eq(issuers.id, by.issuer)).for('update');
    if ((await tx.$count(clerks, and(eq(clerks.issuer, by.issuer), ne(clerks.state, 'out')))) >= MOST_CLERKS)
      throw new AppError('TOO_MANY_CLERKS');
    const [last] = await tx
      .select({ number: max(clerks.number) })
      .from(clerks)
      .where(eq(clerks.issuer, by.issuer));
    const number = (last?.number ?? 0) + 1;
    const [row] = await tx.insert(clerks).values({ issuer: by.issuer, number, state: 'asked' }).returning({ id: clerks.id });
    await logChange(tx, by, ctx.now(), { action: 'clerk-asked', count: number });
    return { id: row?.id ?? '', number };
  });
}

async function makeQuestion(ctx: Context, address: string, asks: string): Promise<Mail | null> {
  const signIn = accountOfAddress(ctx.accountSeed, address);
  if (!(await takeMailTurn(ctx, signIn, MOST_FOR_ONE))) return null;
  const link = await addSignInLink(ctx.db, ctx.publicUrl, { signIn, asks, expiresAt: ctx.now() + LIFE_SECONDS });
  return { to: address, subject: 'You are asked to administer an issuer', text: describeQuestion(ctx.publicUrl, link) };
}

function describeQuestion(publicUrl: string, link: string): string {
  return [
    `Somebody who administers an issuer at ${publicUrl} asks you to administer it too. If you expected this, open:`,
    '',
    link,
    '',
    'The link works once, within a week, when you press the button on its page. From then on you sign in with this address.',
    'If you did not expect it, do nothing. Never pass the link on.',
    '',
  ].join('\n');
}

/**
 * Takes in whoever was asked, by the link that was mailed.
 * @throws AppError CLERK_ELSEWHERE where the address leads to another clerk already, BAD_LINK where the question was withdrawn
 */
export async function joinAsClerk(tx: Database, id: string, signIn: string, now: number): Promise<ClerkOf> {
  if (await findClerk(tx, signIn)) throw new AppError('CLERK_ELSEWHERE');
  const isAsked = and(eq(clerks.id, id), eq(clerks.state, 'asked'));
  const [joined] = await tx.update(clerks).set({ state: 'in', signIn }).where(isAsked).returning();
  if (!joined) throw new AppError('BAD_LINK');
  const clerk = { issuer: joined.issuer, clerk: joined.id };
  await logChange(tx, clerk, now, { action: 'clerk-joined', count: joined.number });
  return clerk;
}

/**
 * Removes a clerk of the issuer, and ends their sessions and links. Whoever removes themselves is out as well.
 * @throws AppError CLERK_NOT_FOUND, for one of another issuer too; LAST_CLERK
 */
export async function removeClerk(ctx: Context, by: SignedIn, id: string): Promise<void> {
  await transactInLine(ctx, `issuer ${by.issuer}`, async (tx) => {
    await tx.select({ id: issuers.id }).from(issuers).where(eq(issuers.id, by.issuer)).for('update');
    const isTheirs = and(eq(clerks.id, id), eq(clerks.issuer, by.issuer), ne(clerks.state, 'out'));
    const [clerk] = isUuid(id) ? await tx.select().from(clerks).where(isTheirs) : [];
    if (!clerk) throw new AppError('CLERK_NOT_FOUND');
    const othersIn = and(eq(clerks.issuer, by.issuer), eq(clerks.state, 'in'), ne(clerks.id, id));
    if ((await tx.$count(clerks, othersIn)) === 0) throw new AppError('LAST_CLERK');
    await tx.delete(sessions).where(eq(sessions.clerk, id));
    await tx.delete(passkeys).where(eq(passkeys.clerk, id));
    await tx.delete(signInLinks).where(eq(signInLinks.asks, id));
    if (clerk.signIn !== null) await tx.delete(signInLinks).where(eq(signInLinks.signIn, clerk.signIn));
    await tx.update(clerks).set({ state: 'out', signIn: null }).where(eq(clerks.id, id));
    await logChange(tx, by, ctx.now(), { action: 'clerk-removed', count: clerk.number });
  });
}
