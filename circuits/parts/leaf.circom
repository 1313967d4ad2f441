pragma circom 2.1.5;

include "poseidon.circom";

// Leaf: what stands in a roll for one member.
//
// The commitment hides the secret from the issuer and is blinded for each group; the leaf adds the member's token. Every
// input is taken as any field element: that the token is a point, and whose name it is, is for parts/token.circom.
template Leaf() {
    signal input secret;
    signal input blinding;
    signal input token[2];

    signal output out;

    signal commitment <== Poseidon(2)([secret, blinding]);

    out <== Poseidon(3)([commitment, token[0], token[1]]);
}
