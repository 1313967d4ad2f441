'use client';

import { useCallback, useRef, useState } from 'react';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { checkHistory, readHistory } from '#lib/signing/group-history.ts';

export type RollState =
  | { status: 'loading' }
  | { status: 'failed'; text: string }
  | {
      status: 'here';
      header: RollHeader /** Rolls of the group, newest first, as far as they are looked at. */;
      history: readonly RollHeader[];
    };

/**
 * The newest roll of each group that an author has chosen, fetched when it is chosen. The issuer's signature is checked here:
 * the statement will name the roll by its hash, so it must be one that the issuer made.
 */
export function useRolls() {
  const [rolls, setRolls] = useState<ReadonlyMap<Hex32, RollState>>(new Map());
  const asked = useRef(new Map<Hex32, Promise<RollHeader | null>>());

  /** @returns the header, or null when it could not be had; asking again tries again */
  const load = useCallback((group: Hex32): Promise<RollHeader | null> => {
    const known = asked.current.get(group);
    if (known) return known;
    const note = (state: RollState) => setRolls((before) => new Map(before).set(group, state));
    note({ status: 'loading' });
    const loading = fetchRolls(group).then(
      (history) => {
        const [header] = history as [RollHeader];
        note({ status: 'here', header, history });
        return header;
      },
      (error: unknown) => {
        asked.current.delete(group);
        note({ status: 'failed', text: error instanceof Error ? error.message : String(error) });
        return null;
      },
    );
    asked.current.set(group, loading);
    return loading;
  }, []);

  return { rolls, load };
}

async function fetchRolls(group: Hex32): Promise<RollHeader[]> {
  const rolls = await readHistory(anonymousApi, group, {});
  if (rolls.length === 0) throw new Error('This group has not published a roll yet.');
  const checked = checkHistory(group, rolls);
  if (checked.ok) return checked.value;
  throw new Error(
    checked.code === 'ROLL_CHAIN'
      ? 'The rolls of this group do not continue each other.'
      : 'The roll of this group is not signed by its issuer.',
  );
}
