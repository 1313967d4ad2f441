import 'server-only';
import { findClerk } from '#db/approve-issuer.ts';
import { accountOfAddress } from '#db/sign-in-address.ts';
import { addSignInLink, sweepSignInLinks } from '#db/sign-in-link.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { sweepMailTurns, takeMailTurn } from '../mail/mail-turns.ts';
import type { Mail } from '../mail/post-office.ts';
import { readMailAddress } from '../mail/read-mail-address.ts';

const LIFE_SECONDS = 900;
/** Mails an hour: to one address, and to all addresses without an account together, so that a flood of those keeps nobody else out. */
const MOST_FOR_ONE = 5;
const MOST_FOR_NEW = 100;
const BUSY_SECONDS = 30;

/**
 * Mails a link that signs in the account of an address, once and within 15 minutes. Returns at once, before anything is looked up: what
 * the platform knows of the address, and whether a limit is reached, shows neither in the answer nor in its time.
 * @throws AppError NO_MAIL, BAD_SHAPE, BAD_MAIL_ADDRESS, or BUSY while too many mails wait
 */
export function mailSignInLink(ctx: Context, value: unknown): void {
  const address = readMailAddress(ctx, value);
  if (!ctx.mail.later(() => makeMail(ctx, address))) throw new AppError('BUSY', undefined, BUSY_SECONDS);
}

async function makeMail(ctx: Context, address: string): Promise<Mail | null> {
  const signIn = accountOfAddress(ctx.accountSeed, address);
  const isKnown = (await findClerk(ctx.db, signIn)) !== null;
  if (!isKnown && ctx.newIssuers !== 'anybody') return null;
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
