import { type Issuer, parseIssuer } from '#lib/issuing/issuer-file.ts';
import { deriveLockKey, parseLocked, unlockText } from '#lib/signing/locked-file.ts';
import { askHidden } from '../signing/ask.ts';
import { readCallersFile } from './callers-files.ts';

/** The keystore in a file: as a browser saves it, whose passphrase is asked for, or as an agent's folder has it. @throws Error */
export async function readIssuerFile(file: string): Promise<Issuer> {
  const text = new TextDecoder().decode(readCallersFile(file));
  const locked = parseLocked(text);
  const opened = locked ? unlockText(locked, await deriveLockKey(await askPassphrase(file), locked)) : null;
  if (opened && !opened.ok) throw new Error(`${file}: ${opened.detail}`);
  const issuer = parseIssuer(opened ? opened.value : text);
  if (!issuer.ok) throw new Error(`${file}: ${issuer.detail}`);
  return issuer.value;
}

/** Every character counts but the end of the line. */
async function askPassphrase(file: string): Promise<string> {
  return (await askHidden(`The passphrase with which the browser locked ${file}: `, () => null)).replace(/\n$/, '');
}
