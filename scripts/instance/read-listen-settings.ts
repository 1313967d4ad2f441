import { isOpenedByBrowsers, type ListenPlan, type ListenWish } from './listen-plan.ts';

const STANDARD_PORT = 3000;

/**
 * Reads HOST and PORT. A port that was asked for is never replaced by another, nor is the standard one where PUBLIC_URL is set: what
 * stands under that address hands on to a port that it was told.
 * @throws Error when PORT is no port, or one that no browser opens
 */
export function readListenSettings(settings: Record<string, string | undefined>): ListenWish {
  const text = settings.PORT?.trim();
  if (text && !(/^\d{1,5}$/.test(text) && Number(text) <= 65_535))
    throw new Error(`PORT must be a number from 1 to 65535, not "${text}"; 0 takes any that is free.`);
  if (text && !isOpenedByBrowsers(Number(text)))
    throw new Error(
      `Browsers and trustees open nothing on port ${text}, which belongs to another protocol. Choose another port with PORT.`,
    );
  const port = text ? Number(text) : settings.PUBLIC_URL ? STANDARD_PORT : undefined;
  return { host: settings.HOST?.trim() || undefined, port, firstPort: STANDARD_PORT };
}

const WHY_HTTPS =
  'Over plain http, browsers let pages sign and keep keys only when they come from this very machine: others need https. ' +
  'Put a proxy with a certificate in front, and set PUBLIC_URL to its https address.';

/**
 * What to tell of a plan before it is carried out: nothing, or sentences for the operator.
 * @throws Error when nobody could use what would be bound: addresses of the network alone, and no https address for them
 */
export function judgeReach(plan: ListenPlan, publicUrl: string | undefined): string[] {
  if (!plan.isOpenToOthers) return [];
  if (publicUrl)
    return [`Other machines reach port ${plan.port} without encryption too: let only the proxy of ${publicUrl} through to it.`];
  if (new URL(plan.localUrl).hostname === 'localhost') return [`Other machines can reach port ${plan.port}, but not use it. ${WHY_HTTPS}`];
  throw new Error(`Nobody could use ${plan.localUrl}. ${WHY_HTTPS} Without HOST, this machine alone is served.`);
}
