import { randomBytes } from 'node:crypto';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { makeBenchKey } from '../make-record/bench-key.ts';
import { startBenchPlatform } from './bench-platform.ts';
import { makeBenchStage } from './bench-stage.ts';
import { medianOf, type Row } from './measure.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
const SAMPLES = 10;
const CROWD = 32;
/** How much more the last fifth may need than the second: what a garbage collector leaves differs from time to time. */
const TOLERANCE = 1.1;

/**
 * The platform's memory while it takes signatures one after the other, looked at ten times, each time after a collection of
 * garbage. The first fifth does not count: programs and caches are loaded then.
 */
export async function benchMemory(quick: boolean, say: (what: string) => void): Promise<Row> {
  const signatures = quick ? 5_000 : 50_000;
  const bench = await makeBenchKey();
  say(`making a group of ${signatures}`);
  const stage = makeBenchStage(bench, signatures, signatures, random);
  const platform = await startBenchPlatform(bench, stage.file, { nodeFlags: ['--expose-gc'] });
  const address = `${platform.origin}/api/anonymous/statements/${stage.file.id}/signatures`;
  let member = 0;
  const postUntil = async (end: number) => {
    while (member < end) {
      const body = canonicalJson(await stage.sign(member++));
      for (let status = 503; status !== 201; ) {
        const answer = await fetch(address, { method: 'POST', body });
        await answer.arrayBuffer();
        ({ status } = answer);
        if (status !== 201 && status !== 503) throw new Error(`a signature was refused: ${status}`);
      }
    }
  };
  try {
    const megabytes: number[] = [];
    for (let sample = 1; sample <= SAMPLES; sample++) {
      const end = (signatures * sample) / SAMPLES;
      say(`${end} of ${signatures} signatures, ${megabytes.map(Math.round).join(', ')} MB`);
      await Promise.all(Array.from({ length: CROWD }, () => postUntil(end)));
      megabytes.push(Number(await (await fetch(`${platform.origin}/memory`)).text()) / 2 ** 20);
    }
    const fifth = SAMPLES / 5;
    const value = medianOf(megabytes.slice(-fifth));
    const baseline = medianOf(megabytes.slice(fifth, 2 * fifth));
    return {
      name: `memory of the platform in the last fifth of ${signatures.toLocaleString('en')} signatures (${megabytes.map(Math.round).join(', ')})`,
      unit: 'MB',
      value,
      baseline: { name: 'in the second fifth', value: baseline },
      ratio: value / baseline,
      goal: 'flat',
      holds: value <= TOLERANCE * baseline,
    };
  } finally {
    await platform.stop();
  }
}
