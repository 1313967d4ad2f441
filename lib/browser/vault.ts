import 'client-only';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { createLockTerms, deriveLockKey, type Locked, type LockKey, lockText, parseLocked, unlockText } from '#lib/signing/locked-file.ts';
import { deleteValue, readValue, writeValue } from './database.ts';
import { askToPersist } from './persistence.ts';
import { secureRandom } from './secure-random.ts';
import { NotStored, VaultEmptied, VaultLocked, VaultUnreadable } from './vault-errors.ts';
import { VaultWatch } from './vault-watch.ts';

/** Bytes, two hex digits each when they are locked: Chromium stores no value of more than 127 MiB, and a file of it is read back. */
const MOST_BYTES = 62 * 2 ** 20;

/** `empty`: nothing is stored. `locked`: something is, and its passphrase is needed. `open`: it can be read. */
export type VaultState = 'empty' | 'locked' | 'open';

/**
 * One secret document that stays in this browser, encrypted from the first write on. The key that the passphrase gives is held in
 * memory only: until the page is left, `lock` is called in any tab, or nobody has been at any tab for ten minutes, but never in the
 * middle of work that is held. Several pages may use a vault at once: each change is made to what is stored, not to what a page remembers.
 */
export class Vault<T> {
  private readonly name: string;
  private readonly parse: (text: string) => Checked<T>;
  private readonly format: (value: T) => string;
  private key: LockKey | null = null;
  /** The key was chosen for an empty vault, and nothing lies under it yet. Any other key is that of what was stored. */
  private isChosen = false;
  /** What was read or stored last, while this is open: all that is left where the browser deletes what lies on the disk. */
  private last: T | null = null;
  private readonly watch: VaultWatch;
  private readonly listeners = new Set<() => void>();
  private readonly forgetters = new Set<() => void>();

  constructor(name: string, parse: (text: string) => Checked<T>, format: (value: T) => string) {
    this.name = name;
    this.parse = parse;
    this.format = format;
    this.watch = new VaultWatch(name, {
      isOpen: () => this.key !== null,
      changed: () => this.tellHere(),
      forget: () => this.forgetKey(),
    });
  }

  /** Calls back after every change, in this page or another. @returns ends it */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls back when this is locked or deleted, or left alone for too long: what was typed to open it is to be forgotten, too. @returns ends it */
  onLock(listener: () => void): () => void {
    this.forgetters.add(listener);
    return () => this.forgetters.delete(listener);
  }

  async state(): Promise<VaultState> {
    const stored = await this.load();
    if (stored === undefined) return 'empty';
    return this.keyFor(stored) ? 'open' : 'locked';
  }

  /** The document; null when there is none. @throws VaultLocked, VaultUnreadable, VaultEmptied */
  async read(): Promise<T | null> {
    const stored = await this.loadKept();
    return stored === undefined ? null : this.decode(stored);
  }

  /**
   * Exchanges the document for what `change` makes of it and waits until that is on the disk. Changes from other pages wait
   * until `change` is done. @throws VaultLocked, VaultEmptied, NotStored, and whatever `change` throws: then nothing has changed
   */
  async update(change: (value: T | null) => T | Promise<T>): Promise<T> {
    const value = await this.hold(() =>
      this.exclusively(async () => {
        const stored = await this.loadToChange();
        const next = await change(stored === undefined ? null : this.decode(stored));
        await this.store(next, stored);
        return next;
      }),
    );
    void askToPersist();
    this.watch.tellChanged();
    return value;
  }

  /** Opens a locked vault: about a second of work. */
  async unlock(passphrase: string): Promise<Checked<true, 'WRONG_PASSPHRASE'>> {
    const stored = await this.load();
    if (stored === undefined) return accept(true);
    const locked = this.lockedOf(stored);
    const key = await deriveLockKey(passphrase, locked);
    const opened = unlockText(locked, key);
    if (!opened.ok) return opened;
    this.take(key); // of what was read; should it have been deleted since, nothing is stored under it
    return accept(true);
  }

  /** Forgets the key, in all tabs and at once; whoever works with the document sees `onChange` and ends. */
  lock(): void {
    this.watch.lockEverywhere();
  }

  /** Puts locking for want of activity off until `work` is done: a proof, a roll. `lock` still locks. */
  hold<R>(work: () => Promise<R>): Promise<R> {
    return this.watch.hold(work);
  }

  /** Chooses the passphrase of an empty vault, before the first write, or changes that of an open one. @throws VaultLocked, VaultEmptied, NotStored: then the old one stays */
  async setPassphrase(passphrase: string): Promise<void> {
    const key = await deriveLockKey(passphrase, createLockTerms(secureRandom));
    await this.exclusively(async () => {
      const stored = await this.loadToChange();
      const value = stored === undefined ? null : this.decode(stored);
      if (value !== null) await this.write(value, key); // first: a key under which nothing lies would lock its owner out
      this.take(key, stored === undefined);
    });
    this.watch.tellChanged();
  }

  /** Deletes the document from this browser, also when it is locked. What the disk still holds of it is encrypted. */
  async erase(): Promise<void> {
    await this.exclusively(() => deleteValue('documents', this.name));
    this.lock();
  }

  /** Stores again what this page has open, where the browser has deleted it. @throws VaultLocked when this page has it no more, NotStored */
  async putBack(): Promise<void> {
    await this.exclusively(async () => {
      const { key, last } = this;
      if (!key || last === null) throw new VaultLocked();
      if ((await this.load()) === undefined) await this.write(last, key);
    });
    this.watch.tellChanged();
  }

  /** The document as a file, under the passphrase that it has here. It was read back before it is given out. @throws VaultLocked, VaultEmptied, TypeError when there is none */
  async exportFile(): Promise<string> {
    const stored = await this.loadToChange();
    if (stored === undefined) throw new TypeError('there is nothing to export');
    this.decode(stored);
    return `${JSON.stringify(stored, null, 2)}\n`;
  }

  /** Reads an exported file; nothing is stored. An empty vault takes the passphrase of the file for its own. */
  async readFile(text: string, passphrase: string): Promise<Checked<T>> {
    const locked = parseLocked(text);
    if (!locked) return refuse('NOT_LOCKED', 'this is not a file that was saved here');
    const key = await deriveLockKey(passphrase, locked);
    const opened = unlockText(locked, key);
    const value = opened.ok ? this.parse(opened.value) : opened;
    if (value.ok && (await this.state()) === 'empty') this.take(key, true);
    return value;
  }

  private async load(): Promise<unknown> {
    return readValue('documents', this.name);
  }

  /** What is stored. Where nothing is, though this page has something open, no page of this site deleted it: the others would have said so. */
  private async loadKept(): Promise<unknown> {
    const stored = await this.load();
    if (stored === undefined && this.key && this.last !== null) throw new VaultEmptied();
    return stored;
  }

  /** The same for a change; the page is told, too, and shows it. */
  private async loadToChange(): Promise<unknown> {
    return this.loadKept().catch((error: unknown) => {
      this.tellHere();
      throw error;
    });
  }

  /** A key of what another page has deleted since locks nothing new: nobody has chosen its passphrase for that. */
  private async store(value: T, before: unknown): Promise<void> {
    if (before === undefined && !this.isChosen) this.forgetKey();
    if (!this.key) throw new VaultLocked();
    await this.write(value, this.key);
    this.isChosen = false;
  }

  private async write(value: T, key: LockKey): Promise<void> {
    const text = this.textOf(value);
    const locked = lockText(text, key, secureRandom);
    const opened = unlockText(locked, key);
    if (!opened.ok || opened.value !== text) throw new NotStored();
    await writeValue('documents', this.name, locked);
    this.last = value;
  }

  /** The text of a value, if the rules by which it will be read take it, and the browser does. */
  private textOf(value: T): string {
    const text = this.format(value);
    if (!this.parse(text).ok || utf8ToBytes(text).length > MOST_BYTES) throw new NotStored();
    return text;
  }

  private decode(stored: unknown): T {
    const locked = this.lockedOf(stored);
    const key = this.keyFor(locked);
    if (!key) throw new VaultLocked();
    const text = unlockText(locked, key);
    const value = text.ok ? this.parse(text.value) : text;
    if (!value.ok) throw new VaultUnreadable(text.ok ? text.value : JSON.stringify(stored));
    this.last = value.value;
    return value.value;
  }

  /** @throws VaultUnreadable for what no version of today has stored */
  private lockedOf(stored: unknown): Locked {
    const text = JSON.stringify(stored);
    const locked = parseLocked(text);
    if (!locked) throw new VaultUnreadable(text);
    return locked;
  }

  /** The key if it is that of what is stored, and nobody has been away for too long. */
  private keyFor(stored: unknown): LockKey | null {
    this.watch.lockIfIdle();
    return this.key && this.key.salt === this.lockedOf(stored).salt ? this.key : null;
  }

  private take(key: LockKey, isChosen = false): void {
    this.key = key;
    this.isChosen = isChosen;
    if (isChosen) this.last = null;
    this.watch.touch();
    this.tellHere();
  }

  private forgetKey(): void {
    this.key = null;
    this.last = null;
    this.isChosen = false;
    for (const forget of this.forgetters) forget();
    this.tellHere();
  }

  private exclusively<R>(act: () => Promise<R>): Promise<R> {
    return navigator.locks.request(`round-robin-vault-${this.name}`, act);
  }

  private tellHere(): void {
    for (const listener of this.listeners) listener();
  }
}
