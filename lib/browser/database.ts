import 'client-only';

const NAME = 'round-robin';
const VERSION = 2;
const STORES = ['documents', 'receipts', 'trees'] as const;
type Store = (typeof STORES)[number];

let opening: Promise<IDBDatabase> | null = null;

/** Reads one value; undefined when there is none. */
export async function readValue(store: Store, key: string): Promise<unknown> {
  return run(store, 'readonly', (values) => values.get(key));
}

export async function readAllValues(store: Store): Promise<unknown[]> {
  return run(store, 'readonly', (values) => values.getAll());
}

/** Writes one value and waits until it is on the disk: what it holds may be the only copy of a secret. */
export async function writeValue(store: Store, key: string, value: unknown): Promise<void> {
  await run(store, 'readwrite', (values) => values.put(value, key));
}

export async function deleteValue(store: Store, key: string): Promise<void> {
  await run(store, 'readwrite', (values) => values.delete(key));
}

export async function deleteAllValues(store: Store): Promise<void> {
  await run(store, 'readwrite', (values) => values.clear());
}

async function run<T>(store: Store, mode: IDBTransactionMode, act: (values: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  opening ??= open();
  const database = await opening;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const transaction = database.transaction(store, mode, { durability: 'strict' });
  const request = act(transaction.objectStore(store));
  transaction.oncomplete = () => resolve(request.result);
  transaction.onabort = () => reject(transaction.error ?? new Error('The browser could not store this.'));
  return promise;
}

function open(): Promise<IDBDatabase> {
  const { promise, resolve, reject } = Promise.withResolvers<IDBDatabase>();
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    const { result: database } = request;
    for (const store of STORES) if (!database.objectStoreNames.contains(store)) database.createObjectStore(store);
  };
  request.onsuccess = () => {
    request.result.onversionchange = () => {
      request.result.close();
      opening = null;
    };
    resolve(request.result);
  };
  request.onerror = () => {
    opening = null;
    reject(new Error('This browser does not let the site store anything, as in some private windows.'));
  };
  return promise;
}
