import { groupDigits } from '#lib/protocol/messages/count-of.ts';

/** By how much each roll differs in size from the one before; rolls newest first, perhaps not all. */
export function growthOf<Roll extends { size: number; number: number }>(rolls: readonly Roll[]): (Roll & { growth: string })[] {
  return rolls.map((roll, i) => {
    const before = rolls[i + 1];
    return { ...roll, growth: before ? formatChange(roll.size - before.size) : roll.number === 1 ? 'First' : 'Not listed' };
  });
}

function formatChange(change: number): string {
  const amount = groupDigits(Math.abs(change));
  return change > 0 ? `+${amount}` : change < 0 ? `−${amount}` : 'Same size';
}
