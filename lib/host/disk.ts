// What a trustee keeps must survive a crash at any instant, and what it erases must not come back after one.
import * as nodeFiles from 'node:fs/promises';
import path from 'node:path';

/** The calls of node:fs/promises through which everything goes, so that a test can stop the process between any two. */
export type FileCalls = Pick<typeof nodeFiles, 'mkdir' | 'open' | 'readdir' | 'readFile' | 'rename' | 'truncate' | 'unlink'>;

/**
 * A folder of small files. Names are relative to it and use `/`. What is done to one file is done in the order of the calls, so that
 * whoever erases it, beside others at work, knows when it is gone.
 */
export type Disk = {
  readonly folder: string;
  /** The whole file as text; null when there is none. */
  read(name: string): Promise<string | null>;
  /** Makes or replaces a file: after a crash at any moment it holds the old text or the new one, never less. */
  write(name: string, text: string): Promise<void>;
  /** The same two for bytes. */
  readBytes(name: string): Promise<Uint8Array | null>;
  writeBytes(name: string, bytes: Uint8Array): Promise<void>;
  /** Adds to the end and waits until it is on disk. A crash can leave the addition torn, never what was there before. */
  append(name: string, text: string): Promise<void>;
  /** Cuts a file to a length in bytes. */
  cut(name: string, length: number): Promise<void>;
  /**
   * Overwrites a secret with zeros and removes it, with what a failed `write` has left of it. Once this has begun, `finishErasing`
   * completes it after a crash, and another call after a failure. A solid-state disk, a copy-on-write file system or a backup may still
   * hold the old bytes: no program can exclude that.
   */
  erase(name: string): Promise<void>;
  /** Removes a file that holds no secret. */
  remove(name: string): Promise<void>;
  /** Names of what lies in a folder, sorted; none when the folder is missing. */
  list(folder: string): Promise<string[]>;
  /** Completes what a crash interrupted in a folder: half-erased secrets and half-written files are erased. */
  finishErasing(folder: string): Promise<void>;
};

const DOOMED = '.erasing';
const DRAFT = '.draft';

/** The name by which `erase` ends what lies in a folder half erased or half written; of other files their own. */
export function nameToErase(file: string): string {
  const ending = [DOOMED, DRAFT].find((one) => file.endsWith(one)) ?? '';
  return file.slice(0, file.length - ending.length);
}

/** Opens a folder. Folders are made with mode 0700 and files with 0600. */
export function createDisk(folder: string, files: FileCalls = nodeFiles): Disk {
  const place = (name: string) => path.join(folder, name);

  /** A new or renamed entry is durable only once its folder is. */
  const syncFolder = async (name: string) => {
    if (process.platform === 'win32') return; // a folder cannot be opened there
    const handle = await files.open(path.dirname(place(name)), 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  };
  const makeFolder = async (name: string) => {
    const made = await files.mkdir(path.dirname(place(name)), { recursive: true, mode: 0o700 });
    if (made !== undefined && path.dirname(name) !== '.') await syncFolder(path.dirname(name));
  };
  const writeThrough = async (name: string, content: string | Uint8Array, flags: string) => {
    const handle = await files.open(place(name), flags, 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  };
  const destroy = async (name: string) => {
    const handle = await files.open(place(name), 'r+');
    try {
      const { size } = await handle.stat();
      await handle.write(new Uint8Array(size), 0, size, 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await files.unlink(place(name));
    await syncFolder(name);
  };
  const turns = new Map<string, Promise<unknown>>();
  const inTurn = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const turn = (turns.get(name) ?? Promise.resolve()).then(work, work);
    turns.set(name, turn);
    const end = () => turns.get(name) === turn && turns.delete(name);
    turn.then(end, end);
    return turn;
  };
  const read = (name: string) => unlessMissing(files.readFile(place(name), 'utf8'), null);
  const replace = (name: string, content: string | Uint8Array) =>
    inTurn(name, async () => {
      await makeFolder(name);
      await writeThrough(name + DRAFT, content, 'w');
      await files.rename(place(name + DRAFT), place(name));
      await syncFolder(name);
    });
  const list = async (name: string) => (await unlessMissing(files.readdir(place(name)), [])).sort();

  return {
    folder,
    read,
    list,
    write: replace,
    readBytes: (name) => unlessMissing(files.readFile(place(name)), null),
    writeBytes: replace,
    append: (name, text) =>
      inTurn(name, async () => {
        await makeFolder(name);
        await writeThrough(name, text, 'a');
        await syncFolder(name);
      }),
    cut: (name, length) => inTurn(name, () => files.truncate(place(name), length)),
    erase: (name) =>
      inTurn(name, async () => {
        const moved = await unlessMissing(
          files.rename(place(name), place(name + DOOMED)).then(() => true),
          false,
        );
        if (moved) await syncFolder(name);
        // Also what an earlier call began and could not finish, as on a full disk: who is told that it is gone says so to others.
        await unlessMissing(destroy(name + DOOMED), undefined);
        if ((await list(path.posix.dirname(name))).includes(path.posix.basename(name + DRAFT))) await destroy(name + DRAFT);
      }),
    remove: (name) => inTurn(name, () => unlessMissing(files.unlink(place(name)), undefined)),
    async finishErasing(name) {
      for (const entry of await list(name))
        if (entry.endsWith(DOOMED) || entry.endsWith(DRAFT)) await destroy(path.posix.join(name, entry));
    },
  };
}

async function unlessMissing<T, E>(work: Promise<T>, missing: E): Promise<T | E> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return missing;
    throw error;
  }
}
