pragma circom 2.1.5;

include "binary-merkle-root.circom";
include "poseidon.circom";
include "parts/leaf.circom";
include "parts/seal.circom";

// Sign(16, 4)
//
// Statement   "A roll with this root has, at this depth, a leaf that was made from a secret which I know. The nullifier is
//             what that secret gives for this scope. The ciphertext holds the four name elements of that same leaf, sealed
//             to this key. I say this message with it."
//
// Public      13 signals, in this order:
//              0      root            out
//              1      nullifier       out
//              2, 3   ephemeral       out   point of Baby Jubjub
//              4..7   ciphertext      out
//              8      scope           in
//              9      message         in
//             10, 11  key             in    point of Baby Jubjub
//             12      depth           in
// Private     secret, blinding, name, index, siblings, randomness
//
// Enforced    every path bit is a bit and index < 2^16; randomness < 2^251, each bit a bit; root, nullifier, ephemeral and
//             ciphertext are functions of the inputs, and of one and the same secret, name, nullifier and randomness;
//             message is bound by a square, so that it cannot be dropped from the proof.
//
// Left to the verifier (the circuit has satisfying witnesses for each of these)
//   1. root is the root of a roll of the statement, and never 0: depth > 16 gives root 0.
//   2. depth is the depth of that very roll: another depth proves membership of a hidden subtree under one of its leaves.
//   3. The group named in the preimage of message is the group of that very roll.
//   4. The roll has exactly 2^depth published leaves, and nobody holds a credential for the padding.
//   5. scope, message and key are computed by the verifier from the statement, the entry and the key transcript.
//   6. key is on the curve, in the subgroup of order l and not the identity.
//   7. ephemeral is not the identity: randomness = 0 mod l opens the seal to all.
//   8. nullifier is new for the statement and action, and every signal has its canonical spelling: proof systems accept
//      numbers that are equal modulo the field order.
//   9. The name in the leaf decodes. One that does not is the issuer's doing and is shown as it is.
template Sign(MAX_DEPTH, NAME_LENGTH) {
    signal input scope;
    signal input message;
    signal input key[2];
    signal input depth;

    signal input secret;
    signal input blinding;
    signal input name[NAME_LENGTH];
    signal input index;
    signal input siblings[MAX_DEPTH];
    signal input randomness;

    signal output root;
    signal output nullifier;
    signal output ephemeral[2];
    signal output ciphertext[NAME_LENGTH];

    signal leaf <== Leaf()(secret, blinding, name);
    root <== BinaryMerkleRoot(MAX_DEPTH)(leaf, depth, index, siblings);

    nullifier <== Poseidon(2)([scope, secret]);

    (ephemeral, ciphertext) <== Seal()(name, key, [scope, nullifier], randomness);

    signal messageSquare <== message * message;
}

component main { public [scope, message, key, depth] } = Sign(16, 4);
