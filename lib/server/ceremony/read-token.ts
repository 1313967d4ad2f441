import 'server-only';
import { AppError } from '../errors.ts';

/** The token of a place, from the header in which it travels so that no log of addresses has it. @throws AppError PLACE_LOST */
export function readToken(request: Request): string {
  const token = /^Bearer ([0-9a-f]{64})$/.exec(request.headers.get('Authorization') ?? '')?.[1];
  if (token === undefined) throw new AppError('PLACE_LOST');
  return token;
}
