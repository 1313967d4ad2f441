import 'server-only';
import { AppError } from '../errors.ts';

/** Lets at most so many do something under one name at a time. @throws AppError BUSY to whoever comes beyond that */
export type Slots = { hold<T>(name: string, most: number, work: () => Promise<T>): Promise<T> };

const RETRY_AFTER_SECONDS = 3;

export function createSlots(): Slots {
  const held = new Map<string, number>();
  return {
    async hold(name, most, work) {
      const before = held.get(name) ?? 0;
      if (before >= most) throw new AppError('BUSY', undefined, RETRY_AFTER_SECONDS);
      held.set(name, before + 1);
      try {
        return await work();
      } finally {
        const left = (held.get(name) ?? 0) - 1;
        if (left > 0) held.set(name, left);
        else held.delete(name);
      }
    },
  };
}
