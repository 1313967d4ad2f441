import 'server-only';

/** What is being loaded or sent, by name; gone once nobody holds it. */
const loading = new Map<string, Promise<Uint8Array>>();
const held = new Map<string, WeakRef<Uint8Array>>();
const forgotten = new FinalizationRegistry<string>((name) => !held.get(name)?.deref() && held.delete(name));

/**
 * Loads something large that never changes under its name, once for all who want it at a time: whoever reads an answer slowly must
 * not keep a copy of their own in memory.
 */
export async function shareBytes(name: string, load: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const known = held.get(name)?.deref();
  if (known) return known;
  const begun = loading.get(name) ?? load();
  loading.set(name, begun);
  try {
    const bytes = await begun;
    if (!held.get(name)?.deref()) forgotten.register(bytes, name);
    held.set(name, new WeakRef(bytes));
    return bytes;
  } finally {
    loading.delete(name);
  }
}
