import 'client-only';
import { IdleWatch } from './idle-watch.ts';

/** What the pages of one vault tell each other. `active`: somebody is at one of them. */
type Word = 'changed' | 'active' | 'lock';

const LOOK_EVERY_MS = 5_000;
const SIGNS_OF_LIFE = ['pointerdown', 'keydown', 'wheel', 'visibilitychange'] as const;

/** The vault of this page, to which a watch hands on what it learns. */
export interface Watched {
  isOpen(): boolean;
  /** Something was stored or deleted, here or in another page. */
  changed(): void;
  /** Drop the key, and all that was typed. */
  forget(): void;
}

/** Watches over a vault for all pages in which it is open: what one does to it the others learn, and whether somebody is at one of them. */
export class VaultWatch {
  private readonly channel: BroadcastChannel;
  private readonly idle = new IdleWatch(() => Date.now());
  private readonly vault: Watched;
  private lastTold = 0;

  constructor(name: string, vault: Watched) {
    this.vault = vault;
    this.channel = new BroadcastChannel(`round-robin-vault-${name}`);
    this.channel.addEventListener('message', ({ data }: MessageEvent<Word>) => this.hear(data));
    for (const sign of SIGNS_OF_LIFE) globalThis.addEventListener(sign, () => this.noticePerson(), { capture: true, passive: true });
    globalThis.addEventListener('pagehide', () => vault.forget()); // a page that is left may come back as it was
    setInterval(() => this.lockIfIdle(), LOOK_EVERY_MS);
  }

  tellChanged(): void {
    this.tell('changed');
    this.vault.changed();
  }

  lockEverywhere(): void {
    this.tell('lock');
    this.vault.forget();
  }

  /** Somebody is there: they have just given the passphrase. */
  touch(): void {
    this.idle.touch();
  }

  /** Puts locking for want of activity off until the work is done. */
  hold<R>(work: () => Promise<R>): Promise<R> {
    return this.idle.hold(work);
  }

  lockIfIdle(): void {
    if (this.idle.isHeld) return this.tellActive();
    if (!this.idle.isIdle) return;
    this.idle.touch(); // once is enough
    this.vault.forget();
  }

  /** A device that wakes up is locked before it takes the touch that woke it for a sign of its owner. */
  private noticePerson(): void {
    this.lockIfIdle();
    this.idle.touch();
    this.tellActive();
  }

  private tellActive(): void {
    if (!this.vault.isOpen() || Date.now() - this.lastTold < LOOK_EVERY_MS) return;
    this.lastTold = Date.now();
    this.tell('active');
  }

  private hear(word: Word): void {
    if (word === 'active') {
      this.lockIfIdle();
      this.idle.touch();
    } else if (word === 'lock') this.vault.forget();
    else this.vault.changed();
  }

  private tell(word: Word): void {
    this.channel.postMessage(word);
  }
}
