pragma circom 2.1.5;

include "bitify.circom";
include "escalarmulany.circom";
include "escalarmulfix.circom";
include "poseidon.circom";

// Seal: hashed ElGamal over Baby Jubjub.
//
//   ephemeral  = randomness * Base8
//   shared     = randomness * key
//   ciphertext = plaintext + first four outputs of Poseidon(shared.x, shared.y, context[0], context[1])
//
// The permutation has five lanes and shows four, so a known plaintext does not make it invertible.
//
// Enforced    randomness < 2^251, each bit a bit; both products take the same bits, so a second spelling of
//             randomness (0 <= randomness < 2^251, l < 2^251) changes nothing but the number that was typed in.
// Left out    key must be in the subgroup of order l and not the identity: the incomplete additions inside
//             EscalarMulAny are sound for such points only. randomness = 0 mod l gives the identity as ephemeral and a
//             mask that everybody can compute.
template Seal() {
    var BASE8[2] = [
        5299619240641551281634865583518297030282874472190772894086521144482721001553,
        16950150798460657717958625567821834550301663161624707787222815936182638968203
    ];
    var BITS = 251;

    signal input plaintext[4];
    signal input key[2];
    signal input context[2];
    signal input randomness;

    signal output ephemeral[2];
    signal output ciphertext[4];

    signal bits[BITS] <== Num2Bits(BITS)(randomness);

    ephemeral <== EscalarMulFix(BITS, BASE8)(bits);

    signal shared[2] <== EscalarMulAny(BITS)(bits, key);

    signal mask[4] <== PoseidonEx(4, 4)([shared[0], shared[1], context[0], context[1]], 0);

    for (var i = 0; i < 4; i++) {
        ciphertext[i] <== plaintext[i] + mask[i];
    }
}
