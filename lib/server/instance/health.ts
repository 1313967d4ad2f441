import 'server-only';
import type { Health } from '#lib/api/shapes.ts';
import type { Context } from '../context.ts';

/** What whoever watches over this process asks: that it answers at all, and whether it can do its work. Takes three seconds at most. */
export async function readHealth({ probe }: Context): Promise<Health> {
  return { live: true, ready: await probe.isAlive(true) };
}
