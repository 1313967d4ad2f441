import 'server-only';
import type { Platform } from '#lib/api/shapes.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { ANONYMITY_FLOOR } from '#lib/protocol/member/roll.ts';
import { VERSION } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';

/** What a new statement must name and what forms offer. */
export function describePlatform(ctx: Context): Platform {
  const key = currentKey(ctx.manifest);
  return {
    version: VERSION,
    key: ctx.platformKey,
    verificationKey: key.verificationKey,
    setup: key.transcript,
    setupKind: key.setup,
    trial: ctx.trial,
    time: ctx.now(),
    trustees: [...ctx.trustees],
    ...(ctx.trusteePolicies.length > 0 ? { policies: [...ctx.trusteePolicies] } : {}),
    graceMargin: ctx.graceMargin,
    anonymityFloor: ANONYMITY_FLOOR,
    ...(ctx.successions.length > 0 ? { successions: [...ctx.successions] } : {}),
  };
}
