import 'client-only';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { createSalt, deriveLockKey, type Locked, type LockKey, lockText, parseLocked, unlockText } from '#lib/signing/locked-file.ts';
import { deleteValue, readValue, writeValue } from './database.ts';
import { askToPersist } from './persistence.ts';
import { secureRandom } from './secure-random.ts';

/** `empty`: nothing is stored. `locked`: something is, and its passphrase is needed. `open`: it can be read. */
export type VaultState = 'empty' | 'locked' | 'open';

type Stored = { text: string } | { locked: Locked };

/** A document in a vault was asked for while the vault is locked. */
export class VaultLocked extends Error {
  constructor() {
    super('This is locked with a passphrase.');
    this.name = 'VaultLocked';
  }
}

/** What is stored cannot be read back, as after a fault of an older version. It is still there: `stored` is all of it, as text. */
export class VaultUnreadable extends Error {
  readonly stored: string;
  constructor(stored: string) {
    super('What this browser has stored cannot be read any more.');
    this.name = 'VaultUnreadable';
    this.stored = stored;
  }
}

/** A change that was not stored, because the document could not have been read back after it. What was there before is still there. */
export class NotStored extends Error {
  constructor() {
    super('This would be more than can be kept here, or something in it could not be read back, so nothing was changed.');
    this.name = 'NotStored';
  }
}

/**
 * One secret document that stays in this browser, if its owner likes under a passphrase. The key that the passphrase gives is
 * held in memory only, until the page is left or `lock` is called. Several pages may use a vault at once: each change is made
 * to what is stored, not to what a page remembers.
 */
export class Vault<T> {
  private readonly name: string;
  private readonly parse: (text: string) => Checked<T>;
  private readonly format: (value: T) => string;
  private key: LockKey | null = null;
  private readonly channel: BroadcastChannel;
  private readonly listeners = new Set<() => void>();

  constructor(name: string, parse: (text: string) => Checked<T>, format: (value: T) => string) {
    this.name = name;
    this.parse = parse;
    this.format = format;
    this.channel = new BroadcastChannel(`round-robin-vault-${name}`);
    this.channel.addEventListener('message', () => this.tellHere());
  }

  /** Calls back after every change, in this page or another. @returns ends it */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async state(): Promise<VaultState> {
    const stored = await this.load();
    if (!stored) return 'empty';
    return 'text' in stored || this.key?.salt === stored.locked.salt ? 'open' : 'locked';
  }

  /** Whether the document is stored under a passphrase. */
  async hasPassphrase(): Promise<boolean> {
    const stored = await this.load();
    return stored !== undefined && 'locked' in stored;
  }

  /** The document; null when there is none. @throws VaultLocked, VaultUnreadable */
  async read(): Promise<T | null> {
    const stored = await this.load();
    return stored ? this.decode(stored) : null;
  }

  /**
   * Exchanges the document for what `change` makes of it and waits until that is on the disk. Changes from other pages wait
   * until `change` is done. @throws VaultLocked, NotStored, and whatever `change` throws: then nothing has changed
   */
  async update(change: (value: T | null) => T | Promise<T>): Promise<T> {
    const value = await this.exclusively(async () => {
      const stored = await this.load();
      const next = await change(stored ? this.decode(stored) : null);
      await this.store(next);
      return next;
    });
    void askToPersist();
    this.tell();
    return value;
  }

  /** Opens a locked vault: about a second of work. */
  async unlock(passphrase: string, onProgress?: (share: number) => void): Promise<Checked<true, 'WRONG_PASSPHRASE'>> {
    const stored = await this.load();
    if (!stored || 'text' in stored) return accept(true);
    const key = await deriveLockKey(passphrase, stored.locked.salt, onProgress);
    const opened = unlockText(stored.locked, key);
    if (!opened.ok) return opened;
    this.key = key;
    this.tellHere();
    return accept(true);
  }

  /** Forgets the key, in this page. */
  lock(): void {
    this.key = null;
    this.tellHere();
  }

  /** Sets or changes the passphrase; null stores the document in the clear again. @throws VaultLocked */
  async setPassphrase(passphrase: string | null, onProgress?: (share: number) => void): Promise<void> {
    const key = passphrase === null ? null : await deriveLockKey(passphrase, createSalt(secureRandom), onProgress);
    await this.exclusively(async () => {
      const stored = await this.load();
      const value = stored ? this.decode(stored) : null;
      this.key = key;
      if (value !== null) await this.store(value);
    });
    this.tell();
  }

  /** Deletes the document from this browser, also when it is locked. There is no way back but an exported file. */
  async erase(): Promise<void> {
    await this.exclusively(() => deleteValue('documents', this.name));
    this.key = null;
    this.tell();
  }

  /**
   * The document as a file, under a passphrase of its own unless that is null. It was read back before it is given out.
   * @throws VaultLocked, NotStored, TypeError when there is none
   */
  async exportFile(passphrase: string | null, onProgress?: (share: number) => void): Promise<string> {
    const value = await this.read();
    if (value === null) throw new TypeError('there is nothing to export');
    const text = this.textOf(value);
    if (passphrase === null) return text;
    const key = await deriveLockKey(passphrase, createSalt(secureRandom), onProgress);
    const file = `${JSON.stringify(lockText(text, key, secureRandom), null, 2)}\n`;
    const locked = parseLocked(file);
    if (!locked || !isSame(unlockText(locked, key), text)) throw new NotStored();
    return file;
  }

  /** Reads an exported file; nothing is stored. @returns PASSPHRASE_NEEDED for a locked file when none is given */
  async readFile(text: string, passphrase: string | null): Promise<Checked<T>> {
    const locked = parseLocked(text);
    if (!locked) return this.parse(text);
    if (passphrase === null) return refuse('PASSPHRASE_NEEDED', 'this file is locked with a passphrase');
    const opened = unlockText(locked, await deriveLockKey(passphrase, locked.salt));
    return opened.ok ? this.parse(opened.value) : opened;
  }

  private async load(): Promise<Stored | undefined> {
    return (await readValue('documents', this.name)) as Stored | undefined;
  }

  private async store(value: T): Promise<void> {
    const text = this.textOf(value);
    const stored: Stored = this.key ? { locked: lockText(text, this.key, secureRandom) } : { text };
    if ('locked' in stored && !isSame(unlockText(stored.locked, this.key as LockKey), text)) throw new NotStored();
    await writeValue('documents', this.name, stored);
  }

  /** The text of a value, if the rules by which it will be read take it. */
  private textOf(value: T): string {
    const text = this.format(value);
    if (!this.parse(text).ok) throw new NotStored();
    return text;
  }

  private decode(stored: Stored): T {
    if ('locked' in stored && this.key?.salt !== stored.locked.salt) throw new VaultLocked();
    const text = 'text' in stored ? accept(stored.text) : unlockText(stored.locked, this.key as LockKey);
    const value = text.ok ? this.parse(text.value) : text;
    if (!value.ok) throw new VaultUnreadable('text' in stored ? stored.text : JSON.stringify(stored.locked));
    if ('text' in stored) this.key = null; // another page took the passphrase away
    return value.value;
  }

  private exclusively<R>(act: () => Promise<R>): Promise<R> {
    return navigator.locks.request(`round-robin-vault-${this.name}`, act);
  }

  private tell(): void {
    this.channel.postMessage('changed');
    this.tellHere();
  }

  private tellHere(): void {
    for (const listener of this.listeners) listener();
  }
}

function isSame(opened: Checked<string>, text: string): boolean {
  return opened.ok && opened.value === text;
}
