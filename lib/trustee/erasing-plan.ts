// When what is to be erased in the keystore, so that nothing is read before its time

import type { Disk } from '#lib/host/disk.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { eraseDue } from './end-statement.ts';
import { listKeptStatements } from './keystore.ts';

/** Held in memory alone: it is made again from the keystore at each start. */
export type ErasingPlan = {
  /** Looks at a statement at the next call of `run`, because something has changed about it. */
  add(id: Hex32): void;
  /**
   * Erases what is due; statements whose time has not come are not looked at. `now` in Unix seconds.
   * @returns for each statement whose files cannot be read, why
   */
  run(now: number): Promise<string[]>;
};

export async function planErasing(disk: Disk): Promise<ErasingPlan> {
  const due = new Map<Hex32, number>();
  for (const id of await listKeptStatements(disk)) due.set(id, 0);
  return {
    add: (id) => void due.set(id, 0),
    async run(now) {
      const problems: string[] = [];
      for (const [id, at] of due) {
        if (now < at) continue;
        try {
          const next = await eraseDue(disk, id, now);
          if (next === null) due.delete(id);
          else due.set(id, next);
        } catch (error) {
          problems.push(`statement ${id.slice(0, 12)}: ${error instanceof Error ? error.message : 'unreadable'}`);
        }
      }
      return problems;
    },
  };
}
