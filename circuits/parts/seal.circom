pragma circom 2.1.5;

include "babyjub.circom";
include "bitify.circom";
include "escalarmulany.circom";
include "escalarmulfix.circom";

// Seal: ElGamal over Baby Jubjub, of a point. Anybody can re-randomise it, which is what mixing does.
//
//   ephemeral = randomness * Base8
//   sealed    = point + randomness * key
//
// Enforced    randomness < 2^251, each bit a bit; both products take the same bits, so a second spelling of
//             randomness (0 <= randomness < 2^251, l < 2^251) changes nothing but the number that was typed in.
// Left out    key must be in the subgroup of order l and not the identity: the incomplete additions inside
//             EscalarMulAny are sound for such points only. point must be on the curve. randomness = 0 mod l gives the
//             identity as ephemeral and leaves the point in the open.
template Seal() {
    var BASE8[2] = [
        5299619240641551281634865583518297030282874472190772894086521144482721001553,
        16950150798460657717958625567821834550301663161624707787222815936182638968203
    ];
    var BITS = 251;

    signal input point[2];
    signal input key[2];
    signal input randomness;

    signal output ephemeral[2];
    signal output sealed[2];

    signal bits[BITS] <== Num2Bits(BITS)(randomness);

    ephemeral <== EscalarMulFix(BITS, BASE8)(bits);

    signal shared[2] <== EscalarMulAny(BITS)(bits, key);

    (sealed[0], sealed[1]) <== BabyAdd()(point[0], point[1], shared[0], shared[1]);
}
