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

/** The issuer's keystore in this browser: signing key, rosters, invitations, places. */
export function issuerVault(): Vault<Issuer> {
  issuer ??= new Vault('issuer', parseIssuer, (value) => `${JSON.stringify(value)}\n`);
  return issuer;
}
