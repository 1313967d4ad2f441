import 'server-only';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { explainFailure } from '#lib/host/explain-failure.ts';
import { parseJsonBytes } from '#lib/protocol/messages/json.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import { checkTrusteePolicy, newestPolicies, type TrusteePolicy, trusteePolicyShape } from '#lib/protocol/permit/trustee-policy.ts';
import { type TrusteeDescriptor, trusteeShape } from '#lib/protocol/statement/statement.ts';
import { logEntry } from '../log.ts';

/** The trustees that the operator suggests, and what each has signed that it takes on, the newest of each that has. */
export type SuggestedTrustees = { trustees: readonly TrusteeDescriptor[]; trusteePolicies: readonly TrusteePolicy[] };

/** A policy stands beside the descriptor of its trustee, as an item of the same list. SPEC §5.12. @throws Error with a sentence that names the file */
export async function readTrusteesFile(file: string): Promise<SuggestedTrustees> {
  const bytes = await readFile(/* turbopackIgnore: true */ file).catch((error: unknown) => {
    throw new Error(`TRUSTEES_FILE: ${explainFailure(error)}`);
  });
  const parsed = parseJsonBytes(bytes);
  const shaped = parsed.ok ? checkShape(z.array(z.union([trusteeShape, trusteePolicyShape])), parsed.value) : parsed;
  if (!shaped.ok) throw new Error(`${file} must hold a list of trustees: {name, contact, key} (${shaped.detail})`);
  const trustees = shaped.value.flatMap((item) => ('type' in item ? [] : [item]));
  const policies = shaped.value.flatMap((item) => ('type' in item ? [item] : []));
  return { trustees, trusteePolicies: pickPolicies(file, trustees, policies) };
}

function pickPolicies(file: string, trustees: readonly TrusteeDescriptor[], policies: readonly TrusteePolicy[]): TrusteePolicy[] {
  for (const policy of policies) {
    const checked = checkTrusteePolicy(policy);
    if (!checked.ok) throw new Error(`${file} holds a trustee’s policy that cannot be used: ${checked.detail}`);
    if (!trustees.some(({ key }) => key === policy.key)) throw new Error(`${file} holds the policy of a trustee that it does not name`);
  }
  return [...newestPolicies(policies).values()];
}

/**
 * Makes what reads the file again: trustees come and go for new statements without a restart. A file that cannot be used changes nothing,
 * and is told once while it lasts. Statements keep the committee that they name.
 */
export function createTrusteesReader(ctx: SuggestedTrustees, file: string): () => Promise<void> {
  let told: string | null = null;
  return async () => {
    try {
      const { trustees, trusteePolicies } = await readTrusteesFile(file);
      ctx.trusteePolicies = trusteePolicies;
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
