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

/** What was stored has gone, and no page of this site deleted it, while this page has it open: `Vault.putBack` stores it again. */
export class VaultEmptied extends Error {
  constructor() {
    super('This browser has deleted what it kept for this site.');
    this.name = 'VaultEmptied';
  }
}
