import 'server-only';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { explainFailure } from '#lib/host/explain-failure.ts';
import { parseJsonBytes } from '#lib/protocol/messages/json.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import { type TrusteeDescriptor, trusteeShape } from '#lib/protocol/statement/statement.ts';
import { logEntry } from '../log.ts';

/** The trustees that the operator suggests. @throws Error with a sentence that names the file */
export async function readTrusteesFile(file: string): Promise<TrusteeDescriptor[]> {
  const bytes = await readFile(/* turbopackIgnore: true */ file).catch((error: unknown) => {
    throw new Error(`TRUSTEES_FILE: ${explainFailure(error)}`);
  });
  const parsed = parseJsonBytes(bytes);
  const shaped = parsed.ok ? checkShape(z.array(trusteeShape), parsed.value) : parsed;
  if (!shaped.ok) throw new Error(`${file} must hold a list of trustees: {name, contact, key} (${shaped.detail})`);
  return shaped.value;
}

/**
 * Makes what reads the file again: trustees come and go for new statements without a restart. A file that cannot be used changes nothing,
 * and is told once while it lasts. Statements keep the committee that they name.
 */
export function createTrusteesReader(ctx: { trustees: readonly TrusteeDescriptor[] }, file: string): () => Promise<void> {
  let told: string | null = null;
  return async () => {
    try {
      const trustees = await readTrusteesFile(file);
      if (JSON.stringify(trustees) !== JSON.stringify(ctx.trustees)) {
        ctx.trustees = trustees;
        logEntry({ code: 'TRUSTEES_CHANGED', text: `${trustees.length} trustees are suggested for new statements from now on` });
      }
      told = null;
    } catch (error) {
      const text = error instanceof Error ? error.message : 'TRUSTEES_FILE cannot be read';
      if (text !== told) logEntry({ level: 'warning', code: 'TRUSTEES_UNREAD', text: `${text}; the trustees stay as they were` });
      told = text;
    }
  };
}
