import { expect, it } from 'vitest';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { leadsToPlatform, MOST_PLATFORM_KEYS, signPlatformSuccessor } from '#lib/protocol/statement/platform-successor.ts';

const seeds = Array.from({ length: MOST_PLATFORM_KEYS + 2 }, (_, i) => new Uint8Array(32).fill(i + 1));
const [first, second, third] = seeds as [Uint8Array, Uint8Array, Uint8Array];
const keys = seeds.map(publicKeyOf) as [string, string, string, ...string[]];
const toSecond = signPlatformSuccessor(first, second);
const toThird = signPlatformSuccessor(second, third);

it('a platform is followed from key to key, in whatever order their words come', () => {
  expect(leadsToPlatform(keys[0], keys[1], [toSecond])).toBe(true);
  expect(leadsToPlatform(keys[0], keys[2], [toThird, toSecond])).toBe(true);
  expect(signPlatformSuccessor(first, second)).toEqual(toSecond); // no time, no randomness: the same bytes each time
  const all = seeds.slice(1).map((seed, i) => signPlatformSuccessor(seeds[i]!, seed));
  expect(leadsToPlatform(keys[0], keys[MOST_PLATFORM_KEYS]!, all)).toBe(true);
  expect(leadsToPlatform(keys[0], keys[MOST_PLATFORM_KEYS + 1]!, all)).toBe(false);
});

it('a platform is not followed without the word of each key and the consent of the next, nor back, nor in a circle', () => {
  const forged = { ...signPlatformSuccessor(third, second), platform: keys[0] };
  const unasked = { ...toSecond, consent: toSecond.signature };
  for (const messages of [
    [],
    [toThird],
    [forged],
    [unasked],
    [{ ...toSecond, successor: keys[2] }],
    [{ ...toSecond, more: 1 }],
    ['x', null],
  ])
    expect(leadsToPlatform(keys[0], keys[2], messages.concat(toThird as never))).toBe(false);
  expect(leadsToPlatform(keys[1], keys[0], [toSecond])).toBe(false);
  const circle = [toSecond, signPlatformSuccessor(second, first), signPlatformSuccessor(first, first)];
  expect(leadsToPlatform(keys[0], keys[2], circle)).toBe(false);
});
