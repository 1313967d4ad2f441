import 'server-only';
import { isUnavailable } from '#db/database-error.ts';
import { AppError } from '../errors.ts';
import { logFault } from '../log.ts';
import { CACHE_CONTROL } from './caching.ts';

type Handler<P> = (request: Request, params: P) => Promise<Response>;
type RouteContext<P> = { params: Promise<P> };

/** After which to ask again when the database does not answer. */
const UNAVAILABLE_SECONDS = 5;

/**
 * Makes a route of a handler: refusals become their status and sentence, a database that is away a 503, everything else a 500 that
 * tells nothing. What goes to the log names the fault and never a value: no text, number, address or time of whoever asked.
 */
export function handle<P = Record<string, never>>(handler: Handler<P>): (request: Request, context: RouteContext<P>) => Promise<Response> {
  return async (request, context) => {
    try {
      return letGoUnread(request, await handler(request, await context.params));
    } catch (error) {
      if (error instanceof AppError) return answerRefusal(error);
      logFault(error);
      return answerRefusal(isUnavailable(error) ? new AppError('UNAVAILABLE', undefined, UNAVAILABLE_SECONDS) : new AppError('INTERNAL'));
    }
  };
}

/**
 * Next neither reads nor cancels the body of an answer to HEAD, nor of one whose reader has gone before it was there: what is held for it
 * would be held for ever. A body that is being sent is locked, and ended by what sends it.
 */
function letGoUnread(request: Request, response: Response): Response {
  const letGo = () => void response.body?.cancel().catch(() => {});
  if (request.method === 'HEAD' || request.signal.aborted) letGo();
  else request.signal.addEventListener('abort', letGo, { once: true });
  return response;
}

/** A refusal as every client of the API reads it: its code and a sentence. SPEC §13. */
export function answerRefusal(error: AppError): Response {
  const headers = new Headers({ 'Cache-Control': CACHE_CONTROL.fresh });
  const seconds = error.retryAfterSeconds ?? (error.status === 503 ? 1 : undefined);
  if (seconds !== undefined) headers.set('Retry-After', String(seconds));
  const work = error.work === undefined ? {} : { work: error.work };
  return Response.json({ error: { code: error.code, message: error.userText, ...work } }, { status: error.status, headers });
}
