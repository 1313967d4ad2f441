import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blindingOf, commitmentOf, createIdentity, leafOf, nullifierOf } from '#lib/protocol/member/credential.ts';
import { FIELD_ORDER, toField } from '#lib/protocol/numbers/field.ts';
import { BASE } from '#lib/protocol/numbers/point.ts';
import { hash2 } from '#lib/protocol/numbers/poseidon.ts';
import { seeded } from '../circuits/signer.ts';

const field = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }).map(toField);
const group = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const quick = { numRuns: 30 };

describe('a credential', () => {
  it('T35: has another blinding, commitment and leaf in every group', () => {
    fc.assert(
      fc.property(field, group, group, (secret, a, b) => {
        fc.pre(a !== b);
        expect(blindingOf({ secret }, a)).not.toBe(blindingOf({ secret }, b));
        expect(commitmentOf({ secret }, a)).not.toBe(commitmentOf({ secret }, b));
        expect(leafOf(commitmentOf({ secret }, a), BASE)).not.toBe(leafOf(commitmentOf({ secret }, b), BASE));
      }),
      quick,
    );
  });

  it('T35: shows nothing of itself to an issuer that knows the commitment in its own group and knows the token', () => {
    const identity = createIdentity(seeded('member'));
    const [mine, theirs] = ['1a'.repeat(32), '2b'.repeat(32)];
    const known = commitmentOf(identity, mine);
    expect(leafOf(known, BASE)).not.toBe(leafOf(commitmentOf(identity, theirs), BASE));
    // The blinding hides the commitment even from somebody who tries a commitment without one.
    expect(known).not.toBe(hash2(identity.secret, toField(0n)));
  });

  it('T4: has one nullifier for a statement, whatever the group', () => {
    fc.assert(
      fc.property(field, field, field, (secret, scope, other) => {
        fc.pre(scope !== other);
        expect(nullifierOf({ secret }, scope)).toBe(hash2(scope, secret));
        expect(nullifierOf({ secret }, scope)).not.toBe(nullifierOf({ secret }, other));
      }),
      quick,
    );
  });

  it('T3: has no second secret: neither the negative nor the secret plus a group order gives the commitment', () => {
    const { secret } = createIdentity(seeded('member'));
    const group = '1a'.repeat(32);
    const scalarOrder = 2736030358979909402780800718157159386076813972158567259200215660948447373041n;
    for (const other of [FIELD_ORDER - secret, (secret + scalarOrder) % FIELD_ORDER, (secret + FIELD_ORDER - scalarOrder) % FIELD_ORDER]) {
      const identity = { secret: toField(other) };
      expect(commitmentOf(identity, group)).not.toBe(commitmentOf({ secret }, group));
      expect(hash2(identity.secret, blindingOf({ secret }, group))).not.toBe(commitmentOf({ secret }, group));
    }
  });

  it('T5: ties its leaf to the token, x and y', () => {
    const commitment = commitmentOf(createIdentity(seeded('member')), '1a'.repeat(32));
    for (const other of [BASE.double(), BASE.negate()]) expect(leafOf(commitment, BASE)).not.toBe(leafOf(commitment, other));
  });
});
