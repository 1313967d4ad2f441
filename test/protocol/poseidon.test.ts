import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { poseidon2 } from 'poseidon-lite/poseidon2';
import { poseidon4 } from 'poseidon-lite/poseidon4';
import { poseidon5 } from 'poseidon-lite/poseidon5';
import { describe, expect, it } from 'vitest';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import { hash2, hash5, mask4 } from '#lib/protocol/numbers/poseidon.ts';
import { buildPoseidonModule, formatPoseidonModule } from '#scripts/poseidon/build-module.ts';

const lane = fc.oneof(
  fc.constantFrom(0n, 1n, FIELD_ORDER - 1n, 2n ** 64n - 1n, 2n ** 192n),
  fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }),
) as fc.Arbitrary<Field>;

describe('Poseidon', () => {
  it('agrees with an implementation in big integers, in every lane that is used', () => {
    fc.assert(
      fc.property(lane, lane, lane, lane, lane, (a, b, c, d, e) => {
        expect(hash2(a, b)).toBe(poseidon2([a, b]));
        expect(mask4([a, b, c, d])).toEqual(poseidon4([a, b, c, d], 4));
        expect(hash5([a, b, c, d, e])).toBe(poseidon5([a, b, c, d, e]));
      }),
      { numRuns: 300 },
    );
  });

  it('leaves nothing behind that changes the next hash', () => {
    const first = hash2(1n as Field, 2n as Field);
    mask4([FIELD_ORDER - 1n, 3n, 5n, 7n] as never);
    hash5([FIELD_ORDER - 1n, 3n, 5n, 7n, 11n] as never);
    expect(hash2(1n as Field, 2n as Field)).toBe(first);
  });

  it('is what the generator of circomlibjs makes, byte for byte', async () => {
    const file = path.resolve('lib/protocol/numbers/poseidon-module.ts');
    expect(formatPoseidonModule(await buildPoseidonModule())).toBe(readFileSync(file, 'utf8'));
  });
});
