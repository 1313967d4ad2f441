import 'server-only';
import { type Context, loadContext } from './context.ts';
import { getEnv } from './env.ts';

// Next bundles pages, routes and the start-up code apart, so a variable of a module would exist several times.
const shared = globalThis as { roundRobinContext?: Promise<Context> };

/** The context of this process, made from its settings at the first call. @throws Error when the settings are not complete */
export function getContext(): Promise<Context> {
  shared.roundRobinContext ??= loadContext(getEnv());
  return shared.roundRobinContext;
}
