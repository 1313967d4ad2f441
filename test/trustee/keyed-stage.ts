import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { madeOnce } from '../support/made-once.ts';
import { runRounds, type Stage, setStage, startAll } from './stage.ts';

const COMMITTEE = [1, 2, 3, 4];
/** What every keyed stage is drawn from, so that one key generation serves them all. */
const SEED = 'crash';

/**
 * A stage of four real trustees that have made their key; none is running. The key generation takes seconds and is the same each time,
 * so it is played once, and everybody begins with a copy of its keystores and with its messages, posted again in their order.
 */
export async function setKeyedStage(): Promise<Stage> {
  const made = await madeOnce('keyed-trustees', playKeyGeneration);
  const stage = await setStage({ seed: SEED });
  for (const trustee of COMMITTEE) cpSync(path.join(made, String(trustee)), await stage.keystoreOf(trustee), { recursive: true });
  const messages = JSON.parse(readFileSync(path.join(made, 'messages.json'), 'utf8')) as TrusteeMessage[];
  for (const message of messages) await stage.board.api.postMessage(stage.context.id, message);
  return stage;
}

async function playKeyGeneration(folder: string): Promise<void> {
  const stage = await setStage({ seed: SEED });
  await runRounds(await startAll(stage));
  for (const trustee of COMMITTEE) cpSync(await stage.keystoreOf(trustee), path.join(folder, String(trustee)), { recursive: true });
  writeFileSync(path.join(folder, 'messages.json'), JSON.stringify(stage.board.posted));
  await stage.close();
}
