import 'server-only';
import { z } from 'zod';
import { normaliseAddress } from '#db/sign-in-address.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';

const requestShape = z.strictObject({ address: z.string().min(3).max(320) });

/** To whom a mail is asked for, in the one spelling. @throws AppError NO_MAIL where none can leave, BAD_SHAPE, BAD_MAIL_ADDRESS */
export function readMailAddress(ctx: Context, value: unknown): string {
  if (ctx.mail.way === 'none') throw new AppError('NO_MAIL');
  const address = normaliseAddress(requireOk(checkShape(requestShape, value)).address);
  if (address === null) throw new AppError('BAD_MAIL_ADDRESS');
  return address;
}
