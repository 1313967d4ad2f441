// The slow pure functions of lib/protocol, each asked once for the same arguments. A record with one thing changed is then
// checked in milliseconds, and every function still judges everything that is new to it.
import type * as ed25519 from '../../lib/protocol/ed25519.ts';
import type * as judgement from '../../lib/protocol/key-judgement.ts';
import type * as opening from '../../lib/protocol/opening.ts';
import { formatPoint } from '../../lib/protocol/point.ts';
import type * as roll from '../../lib/protocol/roll.ts';

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

export function rememberOpening(real: typeof opening): typeof opening {
  return {
    ...real,
    checkOpening: remember(real.checkOpening, (id, { verificationKeys }, wave, one) => {
      const key = verificationKeys[one.trustee - 1];
      return JSON.stringify([id, key && formatPoint(key), wave, one]);
    }),
    revealName: remember(real.revealName, (scope, item, index, openings) =>
      JSON.stringify([String(scope), item, openings.map(({ trustee, points }) => [trustee, points[index] && formatPoint(points[index])])]),
    ),
  };
}

export function rememberRoll(real: typeof roll): typeof roll {
  return { ...real, checkRollLeaves: remember(real.checkRollLeaves, (header, leaves) => JSON.stringify([header, leaves])) };
}
