import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { poseidon2 } from 'poseidon-lite/poseidon2';
import { poseidon3 } from 'poseidon-lite/poseidon3';
import { poseidon4 } from 'poseidon-lite/poseidon4';
import { describe, expect, it } from 'vitest';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import { hash2, hash3, hash4 } from '#lib/protocol/numbers/poseidon.ts';
import { buildPoseidonModule, formatPoseidonModule } from '#scripts/poseidon/build-module.ts';

const lane = fc.oneof(
  fc.constantFrom(0n, 1n, FIELD_ORDER - 1n, 2n ** 64n - 1n, 2n ** 192n),
  fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }),
) as fc.Arbitrary<Field>;

describe('Poseidon', () => {
  it('agrees with an implementation in big integers, at every width that is used', () => {
    fc.assert(
      fc.property(lane, lane, lane, lane, (a, b, c, d) => {
        expect(hash2(a, b)).toBe(poseidon2([a, b]));
        expect(hash3([a, b, c])).toBe(poseidon3([a, b, c]));
        expect(hash4([a, b, c, d])).toBe(poseidon4([a, b, c, d]));
      }),
      { numRuns: 300 },
    );
  });

  it('leaves nothing behind that changes the next hash', () => {
    const first = hash2(1n as Field, 2n as Field);
    hash4([FIELD_ORDER - 1n, 3n, 5n, 7n] as never);
    hash3([FIELD_ORDER - 1n, 3n, 5n] as never);
    expect(hash2(1n as Field, 2n as Field)).toBe(first);
  });

  it('is what the generator of circomlibjs makes, byte for byte', async () => {
    const file = path.resolve('lib/protocol/numbers/poseidon-module.ts');
    expect(formatPoseidonModule(await buildPoseidonModule())).toBe(readFileSync(file, 'utf8'));
  });
});
