pragma circom 2.1.5;

include "poseidon.circom";

// Leaf: what stands in a roll for one member.
//
// The commitment hides the secret from the issuer and is blinded for each group; the leaf adds the attested name, packed
// into four field elements. Every input is taken as any field element: that the name decodes is for its readers.
template Leaf() {
    signal input secret;
    signal input blinding;
    signal input name[4];

    signal output out;

    signal commitment <== Poseidon(2)([secret, blinding]);

    out <== Poseidon(5)([commitment, name[0], name[1], name[2], name[3]]);
}
