import { entryHash } from '#lib/protocol/board/signature.ts';
import { checkCapsules, openCapsule } from '#lib/protocol/member/capsule.ts';
import { messageHash } from '#lib/protocol/messages/ed25519.ts';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { pointMeant } from '#lib/protocol/numbers/wire-point.ts';
import { type MixSetting, type MixStep, mixHash } from '#lib/protocol/reveal/mix.ts';
import { type ChainEnd, type ClearedOpening, checkOpening } from '#lib/protocol/reveal/opening.ts';
import { takeTokens } from '#lib/protocol/reveal/tokens.ts';
import { contentOf, createWave, startLists } from '#lib/protocol/reveal/wave-content.ts';
import { checkChain } from '../support/check-chain.ts';
import { readAll } from '../support/held-statements.ts';
import type { Stage } from './stage.ts';

type Shown = Pick<Stage, 'context' | 'board' | 'keyed' | 'steps'>;

/** What mixing a wave of the board depends on, as everybody who holds the board makes it. */
export function settingOf(stage: Shown, number: number): MixSetting {
  const { context, board } = stage;
  const shown = board.board(context.id);
  const due = readAll(context, stage.keyed(), shown).waves[number - 1];
  if (!due) throw new Error('no such wave');
  const wave = createWave(context.id, due);
  const entries = new Map(shown.flatMap(({ bodies }) => bodies.map(({ entry }) => [entryHash(entry), entry] as const)));
  const start = startLists(
    wave,
    wave.groups.flatMap((group) => group.entries.map((hash) => ({ ...entries.get(hash)!, hash, group: group.group }))),
  );
  if (!start.ok) throw new Error(start.code);
  return { statement: context.id, key: stage.keyed().key, wave: number, content: contentOf(wave), start: start.value };
}

/** The verified end of the chain that ends with a step, from the board's own list of messages. */
export function endOf(stage: Shown, number: number, last: string): ChainEnd {
  const steps: MixStep[] = [];
  const all = stage.steps();
  for (let step = all.find(({ mix }) => mixHash(mix) === last); step; step = all.find(({ mix }) => mixHash(mix) === steps[0]!.mix.previous))
    steps.unshift(step);
  const { threshold, trustees } = stage.context.statement.committee;
  const checked = checkChain(settingOf(stage, number), { threshold, keys: trustees.map(({ key }) => key) }, steps);
  if (!checked.end || checked.faults.length > 0) throw new Error(JSON.stringify(checked.faults));
  return checked.end;
}

/** The names of a wave as an outsider takes them out: k valid openings of one chain, and the capsules. */
export function readNames(stage: Stage, number: number): string[] {
  const { threshold } = stage.context.statement.committee;
  const openings = stage.messagesOf('opening').filter(({ wave }) => wave === number);
  for (const mix of new Set(openings.map((opening) => opening.mix))) {
    const end = endOf(stage, number, mix);
    const valid = new Map<number, ClearedOpening>();
    for (const opening of openings.filter((one) => one.mix === mix)) {
      const checked = checkOpening(stage.keyed(), end, opening);
      if (checked.ok) valid.set(opening.trustee, checked.value);
    }
    if (valid.size < threshold) continue;
    const chosen = [...valid.values()].slice(0, threshold);
    return end.lists.flatMap(({ group, items }, i) => {
      const partials = chosen.map(({ trustee, lists }) => ({ trustee, points: lists[i]!.points }));
      const file = checkCapsules(stage.context.rolls.get(group)!, stage.group.capsules);
      if (!file.ok) throw new Error(file.code);
      return takeTokens(
        items.map(([, sealed]) => pointMeant(sealed)),
        partials,
      ).map((token) => openCapsule(file.value, formatPoint(token))?.name ?? '');
    });
  }
  throw new Error(`wave ${number} is not open: ${openings.map((one) => messageHash('opening', one).slice(0, 6)).join()}`);
}
