import 'server-only';

/**
 * Keeps what was computed from immutable things, by their names, and forgets what was used least recently. Nothing may depend
 * on whether a value is still there.
 */
export type Memo<V> = { get(key: string): V | undefined; set(key: string, value: V): V; delete(key: string): void };

export function createMemo<V>(limit: number): Memo<V> {
  const values = new Map<string, V>();
  return {
    get(key) {
      const value = values.get(key);
      if (value !== undefined) {
        values.delete(key);
        values.set(key, value);
      }
      return value;
    },
    set(key, value) {
      values.delete(key);
      values.set(key, value);
      if (values.size > limit) values.delete(values.keys().next().value as string);
      return value;
    },
    delete(key) {
      values.delete(key);
    },
  };
}
