import 'server-only';
import { readFile, stat } from 'node:fs/promises';
import { findTextFault } from '#lib/api/plain-text.ts';
import { explainFailure } from '#lib/host/explain-failure.ts';

/** Who runs the platform, in the operator's own words; null for what was not said. */
export type Operator = {
  /** How the operator is reached, one line. */
  contact: string | null;
  /** Plain text in lines: who runs this, and what the law asks to be said. */
  imprint: string | null;
};

export const CONTACT_BOUNDS = { most: 200, lines: 1 };
const IMPRINT_BOUNDS = { most: 8_000, lines: 200 };
const LARGEST_IMPRINT = 32_768;

/** @throws Error with a sentence for the operator, when the file cannot be read or must not be shown */
export async function readImprint(file: string): Promise<string> {
  const text = await readText(file).catch((error: unknown) => {
    throw new Error(`IMPRINT_FILE: ${explainFailure(error)}`);
  });
  if (text === null) throw new Error(`${file} must be a text in UTF-8 of at most ${LARGEST_IMPRINT} bytes`);
  const imprint = text.replaceAll('\r\n', '\n').trim();
  const fault = findTextFault(imprint, IMPRINT_BOUNDS);
  if (fault !== null) throw new Error(`${file}: the imprint ${fault}`);
  return imprint;
}

/** Null for what is no such text. */
async function readText(file: string): Promise<string | null> {
  const { size } = await stat(/* turbopackIgnore: true */ file);
  if (size > LARGEST_IMPRINT) return null;
  const bytes = await readFile(/* turbopackIgnore: true */ file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
