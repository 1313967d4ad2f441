import 'client-only';

const NAME = 'round-robin';
const VERSION = 3;
const STORES = ['documents', 'trees'] as const;
type Store = (typeof STORES)[number];

/** Tabs that hold an older form of the database close it when they are told; one that has not by then is not going to. */
const PATIENCE_MS = 3_000;

/** A browser ends a connection when it likes: in the background on a phone, or when the person deletes the site's data elsewhere. */
const MOST_ATTEMPTS = 3;

let opening: Promise<IDBDatabase> | null = null;

/** What this browser keeps cannot be had now. The message says why; `todo` what the person can do, null where this page has no advice. */
export class StorageUnavailable extends Error {
  readonly todo: string | null;
  constructor(message: string, todo: string | null) {
    super(message);
    this.name = 'StorageUnavailable';
    this.todo = todo;
  }
}

/** Reads one value; undefined when there is none. */
export async function readValue(store: Store, key: string): Promise<unknown> {
  return run(store, 'readonly', (values) => values.get(key));
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

/**
 * Does one thing to one store; again on a new connection where it was not done, for each of them may be done twice. Browsers tell an
 * ended connection in many ways: before or after the change that it has ended, with an event of its own or none.
 */
async function run<T>(store: Store, mode: IDBTransactionMode, act: (values: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    opening ??= open();
    const own = opening;
    try {
      return await transact(await own, store, mode, act);
    } catch (error) {
      if (opening === own) opening = null;
      own.then((database) => database.close()).catch(() => {});
      if (error instanceof StorageUnavailable) throw error;
      if (attempt === MOST_ATTEMPTS) throw LOST.includes((error as Error).name) ? lostReason() : error;
    }
  }
}

/** The names that browsers give to errors of a connection or disk that is gone. */
const LOST = ['UnknownError', 'InvalidStateError', 'AbortError'];

function lostReason(): StorageUnavailable {
  return new StorageUnavailable(
    'This browser does not give out what it keeps for this site at the moment. Nothing was changed.',
    'Close the browser and open it again. If that does not help, make room on the device.',
  );
}

function transact<T>(
  database: IDBDatabase,
  store: Store,
  mode: IDBTransactionMode,
  act: (values: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode, { durability: 'strict' });
    const request = act(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(reasonOfAbort(transaction.error));
  });
}

function reasonOfAbort(error: DOMException | null): Error {
  return error?.name === 'QuotaExceededError' ? fullReason() : (error ?? new DOMException('the browser ended it', 'AbortError'));
}

function fullReason(): StorageUnavailable {
  return new StorageUnavailable(
    'This device has no room left for what this site keeps. Nothing was changed.',
    'Make room on the device, then try again.',
  );
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    try {
      openInTime(resolve, reject);
    } catch (error) {
      reject(reasonOf(error as DOMException)); // as some browsers refuse: before they begin
    }
  });
}

function openInTime(resolve: (database: IDBDatabase) => void, reject: (reason: Error) => void): void {
  const request = indexedDB.open(NAME, VERSION);
  let isGivenUp = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const giveUp = (reason: Error) => {
    isGivenUp = true;
    opening = null;
    reject(reason);
  };
  request.onupgradeneeded = () => {
    const { result: database } = request;
    // Receipts once had a store of their own, in the clear: what it holds shows that somebody signed, so it does not stay.
    for (const old of [...database.objectStoreNames]) if (!STORES.some((store) => store === old)) database.deleteObjectStore(old);
    for (const store of STORES) if (!database.objectStoreNames.contains(store)) database.createObjectStore(store);
  };
  request.onblocked = () => {
    const reason = new StorageUnavailable(
      'Another tab still shows an older version of this site and holds what this browser keeps for it. Nothing was lost.',
      'Close the other tabs of this site, then load this page again.',
    );
    timer = setTimeout(() => giveUp(reason), PATIENCE_MS);
  };
  request.onsuccess = () => {
    clearTimeout(timer);
    const { result: database } = request;
    if (isGivenUp) return database.close(); // nobody waits for it, and it would hold up others
    const forget = () => {
      opening = null;
    };
    database.onclose = forget;
    database.onversionchange = () => {
      database.close();
      forget();
    };
    resolve(database);
  };
  request.onerror = () => {
    clearTimeout(timer);
    giveUp(reasonOf(request.error));
  };
}

/** Why a database did not open; the browser's own error where another attempt may help. */
function reasonOf(error: DOMException | null): Error {
  if (error?.name === 'UnknownError') return error;
  if (error?.name === 'QuotaExceededError') return fullReason();
  if (error?.name === 'VersionError')
    return new StorageUnavailable('This site has been renewed since this page was opened. Nothing was lost.', 'Load this page again.');
  return new StorageUnavailable('This browser does not let the site store anything, as in some private windows.', null);
}
