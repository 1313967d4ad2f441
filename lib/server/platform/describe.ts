import 'server-only';
import type { Platform } from '../../api/shapes.ts';
import { currentKey } from '../../proof/manifest.ts';
import { ANONYMITY_FLOOR } from '../../protocol/roll.ts';
import { VERSION } from '../../protocol/statement.ts';
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
    graceMinimum: ctx.graceMinimum,
    anonymityFloor: ANONYMITY_FLOOR,
  };
}
