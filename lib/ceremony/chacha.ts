import type { CurveRandom } from '#lib/proof/snarkjs.ts';

/**
 * The ChaCha20 stream that the setup's file format uses to turn a hash into points and scalars: key = eight big-endian words
 * of the seed, counter and nonce 0, words in order. Written again here so that a check of a key does not rest on the
 * library that made it.
 */
export class ChaChaStream implements CurveRandom {
  readonly #state: Uint32Array;
  readonly #block = new Uint32Array(16);
  #used = 16;

  /** @param seed at least 32 bytes, of which the first 32 count */
  constructor(seed: Uint8Array) {
    const view = new DataView(seed.buffer, seed.byteOffset, seed.byteLength);
    const key = Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i));
    this.#state = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, ...key, 0, 0, 0, 0);
  }

  nextU32(): number {
    if (this.#used === 16) this.#fill();
    return this.#block[this.#used++] as number;
  }

  nextU64(): bigint {
    const high = BigInt(this.nextU32());
    return (high << 32n) | BigInt(this.nextU32());
  }

  nextBool(): boolean {
    return (this.nextU32() & 1) === 1;
  }

  #fill(): void {
    const block = this.#block;
    block.set(this.#state);
    for (let round = 0; round < 10; round++) {
      for (const [a, b, c, d] of QUARTERS) quarterRound(block, a, b, c, d);
    }
    for (let i = 0; i < 16; i++) block[i] = (block[i] as number) + (this.#state[i] as number);
    // 2^32 blocks are far beyond any use here, so one counter word is enough.
    this.#state[12] = (this.#state[12] as number) + 1;
    this.#used = 0;
  }
}

type Quarter = readonly [number, number, number, number];
const COLUMNS = [0, 1, 2, 3].map((i): Quarter => [i, 4 + i, 8 + i, 12 + i]);
const DIAGONALS = [0, 1, 2, 3].map((i): Quarter => [i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4)]);
const QUARTERS = [...COLUMNS, ...DIAGONALS];

function quarterRound(s: Uint32Array, ...[a, b, c, d]: Quarter): void {
  const step = (target: number, source: number, mixed: number, bits: number) => {
    s[target] = (s[target] as number) + (s[source] as number);
    const word = (s[mixed] as number) ^ (s[target] as number);
    s[mixed] = (word << bits) | (word >>> (32 - bits));
  };
  step(a, b, d, 16);
  step(c, d, b, 12);
  step(a, b, d, 8);
  step(c, d, b, 7);
}
