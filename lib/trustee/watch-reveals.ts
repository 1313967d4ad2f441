// Whether everybody sees what k trustees have opened (T54)
import { nextCursor, pagesOf } from '#lib/api/pages.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type TrusteeContext, warnAbout } from './context.ts';
import type { Duty } from './duty.ts';
import { longCall } from './platform-calls.ts';
import { isOpened, type WaveView } from './wave-view.ts';

/** Seconds between two looks, and so the least time that a platform has to show a wave. */
const AGAIN_SECONDS = 60;

/**
 * Asks for openings as anybody does, as long as a wave of which this trustee holds k valid ones is not among those that the platform
 * shows. At the second look in vain the platform hides a reveal: log and `status` say so, and the trustee's last word about the
 * statement, which names the wave as opened, convicts whoever ends its record without it. SPEC §13.4.
 * @throws when the platform cannot be reached
 */
export async function watchReveals(trustee: TrusteeContext, duty: Duty): Promise<void> {
  const now = trustee.monotonic();
  const unseen = [...duty.view.waves.values()].filter((view) => isOpened(view) && !view.showing.isShown);
  const isDue = ({ showing }: WaveView) => showing.lookedAt === null || now - showing.lookedAt >= AGAIN_SECONDS;
  if (!unseen.some(isDue)) return;
  const shown = await listShown(trustee, duty.id);
  for (const { number, showing } of unseen) {
    const isShown = shown.has(number);
    const isHidden = !isShown && showing.lookedAt !== null;
    if (isHidden && !showing.isHidden)
      warnAbout(trustee, duty.id, 'WAVE_HIDDEN', `the platform hides wave ${number}, which k trustees have opened`);
    Object.assign(showing, { isShown, isHidden, lookedAt: now });
  }
}

/** The waves of which the public gets openings. */
async function listShown({ api }: TrusteeContext, id: Hex32): Promise<Set<number>> {
  const shown = new Set<number>();
  const ask = async (after = 0) => {
    const { messages } = await api.listMessagesOf('opening', id, after, longCall());
    return { messages, next: nextCursor(after, messages) };
  };
  for await (const { messages } of pagesOf(ask, Number.POSITIVE_INFINITY))
    for (const one of messages) if ('message' in one && one.message.type === 'opening') shown.add(one.message.wave);
  return shown;
}
