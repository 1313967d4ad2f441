import 'client-only';

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
