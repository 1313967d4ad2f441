import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson, type Json, parseJson } from '#lib/protocol/messages/json.ts';
import { checkShape, type Shape } from '#lib/protocol/messages/shape.ts';
import { onOneLine } from '#lib/protocol/messages/visible-text.ts';
import { ApiError } from './api-error.ts';
import { ACCOUNT_HEADER } from './issuer-shapes.ts';
import { errorShape } from './shapes.ts';
import { MOST_WORK, makeStamp, WORK_HEADER } from './work-stamp.ts';

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

export type CallOptions = {
  signal?: AbortSignal;
  /** How long a busy platform is asked again before its refusal is handed on. Default 120. */
  patienceSeconds?: number;
  /** Told before each pause, so that a page can say why nothing happens. */
  onWait?: (seconds: number) => void;
  /**
   * Passes over what caches hold; with `no-store` they keep nothing of the answer either. Without it caches may answer and keep, as
   * far as the platform allows them.
   */
  cache?: 'reload' | 'no-store';
  /** Only `signal` ends the call: for a caller who knows better than the usual minute how long the answer may take. */
  isLong?: boolean;
};

export type Call = {
  method?: 'GET' | 'POST' | 'DELETE';
  path: string;
  body?: unknown;
  /** Sent as they are, instead of `body`. */
  bytes?: Uint8Array<ArrayBuffer>;
  /** Sent as multipart/form-data, instead of `body`. */
  form?: FormData;
  /** What shows that the caller holds something, where nobody is signed in. */
  token?: string;
  /** The issuer for whom the page was opened that sends this: see ACCOUNT_HEADER. */
  account?: string | undefined;
  /** The hash of what is sent, where a busy platform may ask for work (work-stamp.ts). */
  about?: Hex32;
  /** Bits of work that are always asked for, so that they are done beforehand. */
  work?: number;
  /** A download whose size nobody knows: only the caller's signal ends it. */
  isLong?: boolean;
  options?: CallOptions | undefined;
};

/** Work that was done for a request, in bits. */
type Stamp = { work: number; text: string };

const TIME_LIMIT_MS = 60_000;
const PATIENCE_SECONDS = 120;
const LONGEST_PAUSE_SECONDS = 30;
/** Commas and opening brackets of an answer. The largest step of a mix has five million. SPEC §13.1. */
const MOST_PARTS = 2 ** 23;
/** Characters of a refusal's sentence, which goes to pages, terminals and logs. */
const LONGEST_REASON = 1_000;

/**
 * Asks the platform, and while it says that it is busy (503 with Retry-After) does the work that it asks for, or waits.
 * @throws ApiError for a refusal or when the platform cannot be reached; the reason of `signal`
 */
export async function request(base: string, fetch: Fetch, credentials: RequestCredentials, call: Call): Promise<Response> {
  const { signal, onWait, patienceSeconds = PATIENCE_SECONDS } = call.options ?? {};
  const { about, work: asked = 0 } = call;
  let stamp: Stamp = { work: asked, text: about && asked > 0 ? await makeStamp(about, asked, signal) : '' };
  for (let waited = 0; ; ) {
    const response = await send(base, fetch, credentials, call, stamp);
    if (response.ok) return response;
    const pause = pauseOf(response);
    const refusal = await refusalOf(response);
    if (pause === null || waited + pause > patienceSeconds) throw refusal;
    waited += pause;
    const { work } = refusal;
    if (about !== undefined && work !== undefined && work > stamp.work && work <= MOST_WORK)
      stamp = { work, text: await makeStamp(about, work, signal) };
    else {
      onWait?.(pause);
      await sleep(pause * 1000, signal);
    }
  }
}

/** Reads a JSON answer of a shape. @throws ApiError BAD_ANSWER for anything else */
export async function readAnswer<T>(response: Response, shape: Shape<T>): Promise<T> {
  const parsed = parseJson(await readText(response), MOST_PARTS);
  const shaped = parsed.ok ? checkShape(shape, parsed.value) : parsed;
  if (!shaped.ok) throw new ApiError('BAD_ANSWER', `The platform answered something unexpected (${shaped.detail}).`, response.status);
  return shaped.value;
}

async function send(base: string, fetch: Fetch, credentials: RequestCredentials, call: Call, stamp: Stamp): Promise<Response> {
  const { method = 'GET', path, body, bytes, form, token, account, isLong = false, options } = call;
  const limits = [options?.signal, isLong || options?.isLong ? undefined : AbortSignal.timeout(TIME_LIMIT_MS)];
  const signal = AbortSignal.any(limits.filter((limit) => limit !== undefined));
  try {
    return await fetch(`${base}${path}`, {
      method,
      credentials,
      // Without a referrer some browsers send no usable Origin, which the routes of issuers ask for.
      referrerPolicy: credentials === 'omit' ? 'no-referrer' : 'same-origin',
      redirect: 'error',
      ...(options?.cache ? { cache: options.cache } : {}),
      signal,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(bytes === undefined ? {} : { 'Content-Type': 'application/octet-stream' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(account === undefined ? {} : { [ACCOUNT_HEADER]: account }),
        ...(stamp.work === 0 ? {} : { [WORK_HEADER]: stamp.text }),
      },
      ...(body === undefined ? {} : { body: canonicalJson(body as Json) }),
      ...(bytes === undefined ? {} : { body: bytes }),
      ...(form === undefined ? {} : { body: form }), // its Content-Type, with the boundary, is set where it is sent
    });
  } catch (error) {
    throw failureOf(error, options?.signal);
  }
}

async function readText(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw failureOf(error, undefined);
  }
}

function failureOf(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof ApiError) return error; // of a `fetch` that breaks answers off
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return new ApiError('TIMED_OUT', 'The platform did not answer in time. Try again later.', 0);
  return new ApiError('NETWORK', 'The platform cannot be reached. Check your connection and try again.', 0, undefined, error);
}

async function refusalOf(response: Response): Promise<ApiError> {
  const parsed = parseJson(await response.text().catch(() => ''), MOST_PARTS);
  const shaped = parsed.ok ? checkShape(errorShape, parsed.value) : parsed;
  if (!shaped.ok) return new ApiError('BAD_ANSWER', `The platform answered with status ${response.status} and no reason.`, response.status);
  const { code, message, work } = shaped.value.error;
  return new ApiError(code, onOneLine(message.slice(0, LONGEST_REASON)), response.status, work);
}

/** Seconds after which the platform wants to be asked again; null when it does not say so. */
function pauseOf(response: Response): number | null {
  const text = response.headers.get('Retry-After') ?? '';
  if (response.status !== 503 || !/^\d{1,6}$/.test(text)) return null;
  return Math.min(Math.max(1, Number(text)), LONGEST_PAUSE_SECONDS);
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
  });
}

/** The query of an address out of what is asked for; nothing where nothing is. */
export function queryOf(asked: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(asked).filter((pair): pair is [string, string | number] => pair[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
