import 'client-only';
import { type Issuer, parseIssuer } from '#lib/issuing/issuer-file.ts';
import { parseWallet, type Wallet } from '#lib/protocol/member/wallet-file.ts';
import { formatWallet } from '#lib/signing/wallet.ts';
import { Vault } from './vault.ts';

let wallet: Vault<Wallet> | null = null;
let issuer: Vault<Issuer> | null = null;

/** The member's wallet in this browser: one identity for all groups. */
export function walletVault(): Vault<Wallet> {
  wallet ??= new Vault('wallet', parseWallet, formatWallet);
  return wallet;
}

/** Changes the wallet in this browser. @throws TypeError when there is none, and as `Vault.update` */
export async function updateWallet(change: (wallet: Wallet) => Wallet): Promise<void> {
  await walletVault().update((stored) => {
    if (stored === null) throw new TypeError('there is no wallet in this browser');
    return change(stored);
  });
}

/** The issuer's keystore in this browser: signing key, rosters, invitations, places. */
export function issuerVault(): Vault<Issuer> {
  issuer ??= new Vault('issuer', parseIssuer, (value) => `${JSON.stringify(value)}\n`);
  return issuer;
}
