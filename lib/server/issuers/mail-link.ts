import 'server-only';
import { findSignIns } from '#db/approve-issuer.ts';
import { accountOfAddress } from '#db/sign-in-address.ts';
import { addSignInLink, sweepSignInLinks } from '#db/sign-in-link.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { countTurnsLeft, sweepMailTurns, takeMailTurn } from '../mail/mail-turns.ts';
import type { Mail } from '../mail/post-office.ts';
import { readMailAddress } from '../mail/read-mail-address.ts';

const LIFE_SECONDS = 900;
/** Mails an hour: to one address, and to all addresses without an account together, so that a flood of those keeps nobody else out. */
const MOST_FOR_ONE = 5;
const MOST_FOR_NEW = 100;
const BUSY_SECONDS = 30;
/** Who may wait to be looked up. */
const MOST_ASKED = 2_000;

/**
 * Mails a link that signs in the account of an address, once and within 15 minutes. Returns at once, before anything is looked up: what
 * the platform knows of the address, and whether a limit is reached, shows neither in the answer nor in its time.
 * @throws AppError NO_MAIL, BAD_SHAPE, BAD_MAIL_ADDRESS, or BUSY while too many mails wait
 */
export function mailSignInLink(ctx: Context, value: unknown): void {
  const address = readMailAddress(ctx, value);
  const { asked } = ctx.mail;
  if (asked.size >= MOST_ASKED) throw new AppError('BUSY', undefined, BUSY_SECONDS);
  const signIn = accountOfAddress(ctx.accountSeed, address);
  asked.set(signIn, address);
  // The first has all looked up who ask until its turn comes.
  if (asked.size > 1 || ctx.mail.later(() => lookUpAsked(ctx))) return;
  asked.delete(signIn);
  throw new AppError('BUSY', undefined, BUSY_SECONDS);
}

/** Looks up together all who have asked, so that a flood of strangers costs two questions. */
async function lookUpAsked(ctx: Context): Promise<null> {
  const asked = [...ctx.mail.asked];
  ctx.mail.asked.clear();
  if (asked.length === 0) return null;
  const known = await findSignIns(
    ctx.db,
    asked.map(([signIn]) => signIn),
  );
  let left = ctx.newIssuers === 'anybody' ? await countTurnsLeft(ctx, 'new', MOST_FOR_NEW) : 0;
  for (const [signIn, address] of asked) {
    const isKnown = known.has(signIn);
    // Who asked has been answered: without room, they would wait for a mail that nobody sends.
    if (isKnown || left-- > 0) ctx.mail.promised(() => makeMail(ctx, { signIn, address, isKnown }));
  }
  return null;
}

type Asked = { signIn: string; address: string; isKnown: boolean };

async function makeMail(ctx: Context, { signIn, address, isKnown }: Asked): Promise<Mail | null> {
  // The common count comes first, or a flood of new addresses would leave a row for each.
  if (!isKnown && !(await takeMailTurn(ctx, 'new', MOST_FOR_NEW))) return null;
  await sweepMailTurns(ctx);
  await sweepSignInLinks(ctx.db, ctx.now());
  if (!(await takeMailTurn(ctx, signIn, MOST_FOR_ONE))) return null;
  const link = await addSignInLink(ctx.db, ctx.publicUrl, { signIn, expiresAt: ctx.now() + LIFE_SECONDS });
  return { to: address, subject: 'Your sign-in link', text: describeLink(ctx.publicUrl, link) };
}

function describeLink(publicUrl: string, link: string): string {
  return [
    `Somebody asked to sign in at ${publicUrl} with this address. If it was you, open:`,
    '',
    link,
    '',
    'The link works once, for 15 minutes, when you press the button on its page.',
    'If it was not you, do nothing: without this link nobody signs in. Never pass it on.',
    '',
  ].join('\n');
}
