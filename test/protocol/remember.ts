// The slow pure functions of lib/protocol, each asked once for the same arguments. A record with one thing changed is then
// checked in milliseconds, and every function still judges everything that is new to it.

import type * as judgement from '#lib/protocol/key/key-judgement.ts';
import type * as ed25519 from '#lib/protocol/messages/ed25519.ts';
import type { HeavyWork } from '#lib/protocol/record/work.ts';

function remember<Arguments extends unknown[], Result>(
  judge: (...given: Arguments) => Result,
  nameOf: (...given: Arguments) => string,
): (...given: Arguments) => Result {
  const known = new Map<string, Result>();
  return (...given) => {
    const name = nameOf(...given);
    if (!known.has(name)) known.set(name, judge(...given));
    return known.get(name) as Result;
  };
}

export function rememberEd25519(real: typeof ed25519): typeof ed25519 {
  return {
    ...real,
    isSignedBy: remember(real.isSignedBy, (tag, message, key) => `${tag} ${key} ${JSON.stringify(message)}`),
    isPublicKey: remember(real.isPublicKey, (key) => key),
  };
}

export function rememberJudgement(real: typeof judgement): typeof judgement {
  return { ...real, judgeKeyGeneration: remember(real.judgeKeyGeneration, ({ id }, messages) => id + JSON.stringify(messages)) };
}

/** The heavy work of a verifier, done here once for each input. */
export function rememberWork(real: HeavyWork): HeavyWork {
  const nameOf = (input: object) => JSON.stringify(input, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  return {
    checkLeaves: remember(real.checkLeaves, nameOf),
    checkStep: remember(real.checkStep, nameOf),
    checkOpening: remember(real.checkOpening, nameOf),
    checkNames: remember(real.checkNames, nameOf),
  };
}
