import 'client-only';

/** Private windows are given little room, and so is every site on a device that is nearly full: what is kept there does not last. */
const SCARCE_BYTES = 2 * 1024 ** 3;

/**
 * Whether the browser has promised to keep what this site stores until the person deletes it. Without the promise it may delete
 * it when it is short of space, and some browsers do so after seven days without a visit. A browser that cannot say has promised nothing.
 */
export async function isPersisted(): Promise<boolean> {
  return (await navigator.storage?.persisted?.().catch(() => false)) ?? false;
}

/** Asks the browser for that promise. Some ask the person, others decide by how much the site is used. @returns whether it was given */
export async function askToPersist(): Promise<boolean> {
  return (await navigator.storage?.persist?.().catch(() => false)) ?? false;
}

/** Whether the browser has little room for this site, by its own estimate. One that makes no estimate is not called scarce. */
export async function isStorageScarce(): Promise<boolean> {
  const estimate = await navigator.storage?.estimate?.().catch(() => undefined);
  if (estimate?.quota === undefined) return false;
  return estimate.quota - (estimate.usage ?? 0) < SCARCE_BYTES;
}
