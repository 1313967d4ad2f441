import 'client-only';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { createLockTerms, deriveLockKey, type Locked, type LockKey, lockText, parseLocked, unlockText } from '#lib/signing/locked-file.ts';
import { deleteValue, readValue, writeValue } from './database.ts';
import { IdleWatch } from './idle-watch.ts';
import { askToPersist } from './persistence.ts';
import { secureRandom } from './secure-random.ts';

/** `empty`: nothing is stored. `locked`: something is, and its passphrase is needed. `open`: it can be read. */
export type VaultState = 'empty' | 'locked' | 'open';

/** What the pages of one vault tell each other. `active`: somebody is at one of them. */
type Word = 'changed' | 'active' | 'lock';

const LOOK_EVERY_MS = 5_000;
const SIGNS_OF_LIFE = ['pointerdown', 'keydown', 'wheel', 'visibilitychange'] as const;

/** A document in a vault was asked for while the vault is locked, or was to be stored before a passphrase was chosen. */
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
 * One secret document that stays in this browser, encrypted from the first write on. The key that the passphrase gives is held in
 * memory only: until the page is left, `lock` is called in any tab, or nobody has been at any tab for ten minutes, but never in the
 * middle of work that is held. Several pages may use a vault at once: each change is made to what is stored, not to what a page remembers.
 */
export class Vault<T> {
  private readonly name: string;
  private readonly parse: (text: string) => Checked<T>;
  private readonly format: (value: T) => string;
  private key: LockKey | null = null;
  private readonly channel: BroadcastChannel;
  private readonly listeners = new Set<() => void>();
  private readonly idle = new IdleWatch(() => Date.now());
  private lastTold = 0;

  constructor(name: string, parse: (text: string) => Checked<T>, format: (value: T) => string) {
    this.name = name;
    this.parse = parse;
    this.format = format;
    this.channel = new BroadcastChannel(`round-robin-vault-${name}`);
    this.channel.addEventListener('message', ({ data }: MessageEvent<Word>) => this.hear(data));
    for (const sign of SIGNS_OF_LIFE) globalThis.addEventListener(sign, () => this.noticePerson(), { capture: true, passive: true });
    setInterval(() => this.lockIfIdle(), LOOK_EVERY_MS);
  }

  /** Calls back after every change, in this page or another. @returns ends it */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async state(): Promise<VaultState> {
    const stored = await this.load();
    if (stored === undefined) return 'empty';
    return this.keyFor(stored) ? 'open' : 'locked';
  }

  /** The document; null when there is none. @throws VaultLocked, VaultUnreadable */
  async read(): Promise<T | null> {
    const stored = await this.load();
    return stored === undefined ? null : this.decode(stored);
  }

  /**
   * Exchanges the document for what `change` makes of it and waits until that is on the disk. Changes from other pages wait
   * until `change` is done. @throws VaultLocked, NotStored, and whatever `change` throws: then nothing has changed
   */
  async update(change: (value: T | null) => T | Promise<T>): Promise<T> {
    const value = await this.hold(() =>
      this.exclusively(async () => {
        const stored = await this.load();
        const next = await change(stored === undefined ? null : this.decode(stored));
        await this.store(next);
        return next;
      }),
    );
    void askToPersist();
    this.tell('changed');
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
    this.take(key);
    return accept(true);
  }

  /** Forgets the key, in all tabs and at once; whoever works with the document sees `onChange` and ends. */
  lock(): void {
    this.channel.postMessage('lock' satisfies Word);
    this.forgetKey();
  }

  /** Puts locking for want of activity off until `work` is done: a proof, a roll. `lock` still locks. */
  hold<R>(work: () => Promise<R>): Promise<R> {
    return this.idle.hold(work);
  }

  /** Chooses the passphrase of an empty vault, before the first write, or changes that of an open one. @throws VaultLocked */
  async setPassphrase(passphrase: string): Promise<void> {
    const key = await deriveLockKey(passphrase, createLockTerms(secureRandom));
    await this.exclusively(async () => {
      const stored = await this.load();
      const value = stored === undefined ? null : this.decode(stored);
      this.take(key);
      if (value !== null) await this.store(value);
    });
    this.tell('changed');
  }

  /** Deletes the document from this browser, also when it is locked. What the disk still holds of it is encrypted. */
  async erase(): Promise<void> {
    await this.exclusively(() => deleteValue('documents', this.name));
    this.lock();
  }

  /** The document as a file, under the passphrase that it has here. It was read back before it is given out. @throws VaultLocked, TypeError when there is none */
  async exportFile(): Promise<string> {
    const stored = await this.load();
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
    if (value.ok && (await this.state()) === 'empty') this.take(key);
    return value;
  }

  private async load(): Promise<unknown> {
    return readValue('documents', this.name);
  }

  private async store(value: T): Promise<void> {
    const key = this.key;
    if (!key) throw new VaultLocked();
    const text = this.textOf(value);
    const locked = lockText(text, key, secureRandom);
    const opened = unlockText(locked, key);
    if (!opened.ok || opened.value !== text) throw new NotStored();
    await writeValue('documents', this.name, locked);
  }

  /** The text of a value, if the rules by which it will be read take it. */
  private textOf(value: T): string {
    const text = this.format(value);
    if (!this.parse(text).ok) throw new NotStored();
    return text;
  }

  private decode(stored: unknown): T {
    const locked = this.lockedOf(stored);
    const key = this.keyFor(locked);
    if (!key) throw new VaultLocked();
    const text = unlockText(locked, key);
    const value = text.ok ? this.parse(text.value) : text;
    if (!value.ok) throw new VaultUnreadable(text.ok ? text.value : JSON.stringify(stored));
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
    this.lockIfIdle();
    return this.key && this.key.salt === this.lockedOf(stored).salt ? this.key : null;
  }

  private take(key: LockKey): void {
    this.key = key;
    this.idle.touch();
    this.tellHere();
  }

  private forgetKey(): void {
    this.key = null;
    this.tellHere();
  }

  private lockIfIdle(): void {
    if (this.idle.isHeld) this.tellActive();
    else if (this.key && this.idle.isIdle) this.forgetKey();
  }

  /** A device that wakes up is locked before it takes the touch that woke it for a sign of its owner. */
  private noticePerson(): void {
    this.lockIfIdle();
    this.idle.touch();
    this.tellActive();
  }

  private tellActive(): void {
    if (!this.key || Date.now() - this.lastTold < LOOK_EVERY_MS) return;
    this.lastTold = Date.now();
    this.channel.postMessage('active' satisfies Word);
  }

  private hear(word: Word): void {
    if (word === 'active') {
      this.lockIfIdle();
      this.idle.touch();
    } else if (word === 'lock') this.forgetKey();
    else this.tellHere();
  }

  private exclusively<R>(act: () => Promise<R>): Promise<R> {
    return navigator.locks.request(`round-robin-vault-${this.name}`, act);
  }

  private tell(word: Word): void {
    this.channel.postMessage(word);
    this.tellHere();
  }

  private tellHere(): void {
    for (const listener of this.listeners) listener();
  }
}
