pragma circom 2.1.5;

include "binary-merkle-root.circom";
include "poseidon.circom";
include "parts/leaf.circom";
include "parts/seal.circom";
include "parts/token.circom";

// Sign(16)
//
// Statement   "A roll with this root has, at this depth, a leaf that was made from a secret which I know and from the token
//             of a name which I know. The nullifier is what that secret gives for this scope. Eight times that same token
//             is sealed to this key. I say this message with it."
//
// Public      11 signals, in this order:
//              0      root            out
//              1      nullifier       out
//              2, 3   ephemeral       out   point of Baby Jubjub
//              4, 5   sealed          out   point of Baby Jubjub
//              6      scope           in
//              7      message         in
//              8, 9   key             in    point of Baby Jubjub
//             10      depth           in
// Private     secret, blinding, nameHash, salt, token, index, siblings, randomness
//
// Enforced    every path bit is a bit and index < 2^16; randomness < 2^251, each bit a bit; token is on the curve and its y
//             is the hash of nameHash and salt; root, nullifier, ephemeral and sealed are functions of the inputs, and of
//             one and the same secret, token and randomness; message is bound by a square, so that it cannot be dropped
//             from the proof.
//
// Left to the verifier (the circuit has satisfying witnesses for each of these)
//   1. root is the root of a roll of the statement, and never 0: depth > 16 gives root 0.
//   2. depth is the depth of that very roll: another depth proves membership of a hidden subtree under one of its leaves.
//   3. The group named in the preimage of message is the group of that very roll.
//   4. The roll has exactly 2^depth published leaves, and nobody holds a credential for the padding.
//   5. scope, message and key are computed by the verifier from the statement, the entry and the key transcript.
//   6. key is on the curve, in the subgroup of order l and not the identity.
//   7. ephemeral is not the identity: randomness = 0 mod l opens the seal to all. Nor is sealed, which no mixer would take.
//   8. nullifier is new for the statement and action, and every signal has its canonical spelling: proof systems accept
//      numbers that are equal modulo the field order.
//   9. nameHash is the hash of a name that somebody can read, and a capsule leads from the opened token to it. A token
//      without one is the issuer's doing and is shown as it is.
template Sign(MAX_DEPTH) {
    signal input scope;
    signal input message;
    signal input key[2];
    signal input depth;

    signal input secret;
    signal input blinding;
    signal input nameHash;
    signal input salt;
    signal input token[2];
    signal input index;
    signal input siblings[MAX_DEPTH];
    signal input randomness;

    signal output root;
    signal output nullifier;
    signal output ephemeral[2];
    signal output sealed[2];

    signal leaf <== Leaf()(secret, blinding, token);
    root <== BinaryMerkleRoot(MAX_DEPTH)(leaf, depth, index, siblings);

    nullifier <== Poseidon(2)([scope, secret]);

    signal cleared[2] <== Token()(nameHash, salt, token);
    (ephemeral, sealed) <== Seal()(cleared, key, randomness);

    signal messageSquare <== message * message;
}

component main { public [scope, message, key, depth] } = Sign(16);
