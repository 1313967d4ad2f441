import path from 'node:path';
import { createWorkRoom } from '#lib/host/work-room.ts';
import { formatPoint, type Scalar } from '#lib/protocol/numbers/point.ts';
import type { Names } from '#lib/protocol/reveal/names.ts';
import type { Opening } from '#lib/protocol/reveal/opening.ts';
import type { SealedList } from '#lib/protocol/reveal/shuffle.ts';
import type { Row } from './measure.ts';
import type { Begin, Done, RevealJobs, RevealTask } from './revealing-thread.ts';
import { makeSealedWave, type SealedWave } from './sealed-wave.ts';

const SECONDS_TO_HOLD = 300;
const MIXERS = [1, 2] as const;

/** Seconds from the wave to its last name, and of the processor's time in all three parties. */
type Taken = { seconds: number; processor: number };

/** Whole reveals by 2 of 4 trustees at sizes a hundredfold apart, with both trustees and the platform on this one machine. */
export async function benchReveal(quick: boolean, say: (what: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  let smaller: Taken | null = null;
  for (const size of quick ? [10, 100] : [100, 1_000, 10_000]) {
    say(`sealing ${size} tokens`);
    const wave = makeSealedWave(size);
    const taken = await revealIn(wave, (what) => say(`${size} names: ${what}`));
    rows.push(rowOf(size, taken, smaller));
    smaller = taken;
  }
  return rows;
}

function rowOf(size: number, { seconds, processor }: Taken, smaller: Taken | null): Row {
  const baseline = smaller
    ? { name: 'ten times the tenth', value: smaller.seconds * 10 }
    : { name: 'processor time of the three together', value: processor };
  return {
    name: `mixing and opening ${size.toLocaleString('en')} names by 2 of 4 trustees, checked by them and the platform (${processor.toFixed(0)} s of processor time)`,
    unit: 's',
    value: seconds,
    baseline,
    ratio: seconds / baseline.value,
    goal: size === 10_000 ? 'at most 5 minutes on two cores' : 'linear',
    holds: size === 10_000 ? seconds <= SECONDS_TO_HOLD : null,
  };
}

async function revealIn(wave: SealedWave, say: (what: string) => void): Promise<Taken> {
  const parties = startParties();
  try {
    await Promise.all(parties.map((party, i) => party.ask(beginOf(wave, i + 1))));
    const [first, second, platform] = parties as [Party, Party, Party];
    const [begun, processor] = [performance.now(), process.cpuUsage()];
    say('the first step');
    await pass(first, [second, platform]);
    say('the second step');
    await pass(second, [first, platform]);
    say('the openings');
    const openings = await Promise.all([first, second].map(async (party) => (await party.ask({ do: 'open' })).opening as Opening));
    const hear = (party: Party, opening: Opening) => party.ask({ do: 'hear-opening', opening });
    const others = [hear(first, openings[1] as Opening), hear(second, openings[0] as Opening)];
    await Promise.all([...others, ...openings.map((opening) => hear(platform, opening))]);
    say('the names');
    const { names } = await platform.ask({ do: 'names' });
    const seconds = (performance.now() - begun) / 1000;
    requireAllNames(wave, names as Names);
    const { user, system } = process.cpuUsage(processor);
    return { seconds, processor: (user + system) / 1e6 };
  } finally {
    await Promise.all(parties.map((party) => party.end()));
  }
}

/** One makes a step, and the others check it at the same time. */
async function pass(from: Party, to: readonly Party[]): Promise<void> {
  const { lines } = await from.ask({ do: 'mix' });
  await Promise.all(to.map((party) => party.ask({ do: 'hear-step', lines: lines as string[] })));
}

function requireAllNames({ group, setting }: SealedWave, { names }: Names): void {
  const expected = group.names.slice(0, setting.start[0]?.items.length).sort();
  const opened = names.map((one) => ('name' in one ? one.name : '')).sort();
  if (opened.join('\n') !== expected.join('\n')) throw new Error('the names are not those that were sealed');
}

/** What trustee 1, trustee 2 or the platform, the third, starts from. */
function beginOf({ context, group, committee, setting }: SealedWave, place: number): Begin {
  const { statement, wave, content, key, start } = setting;
  const items = (start[0] as SealedList).items.map(([ephemeral, sealed]) => [formatPoint(ephemeral), formatPoint(sealed)] as const);
  const verificationKeys = committee.keyed.verificationKeys.map(formatPoint);
  const shared = { statement, wave, content, group: group.id, key: formatPoint(key), items };
  const begin = { do: 'begin' as const, context, setting: shared, verificationKeys };
  const author = committee.authors[place - 1];
  if (place > MIXERS.length || !author) return { ...begin, roll: { header: group.header, capsules: group.capsules } };
  return { ...begin, author: { trustee: place, seed: author.seed, share: committee.shares[place - 1] as Scalar } };
}

type Party = { ask(duty: RevealTask): Promise<Done>; end(): Promise<unknown> };

/** Each keeps what it has heard, so each is a room of one thread. */
function startParties(): Party[] {
  const file = path.join(import.meta.dirname, 'revealing-thread.ts');
  return Array.from({ length: MIXERS.length + 1 }, () => {
    const room = createWorkRoom<RevealJobs>({ file, hands: 1 });
    return { ask: (duty) => room.run('serve', duty), end: () => room.close() };
  });
}
