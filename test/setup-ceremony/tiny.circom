pragma circom 2.1.5;

// A circuit with everything that a setup has to handle, small enough to set up in a second: a public output, a public and a
// private input, wires of its own.
template Tiny() {
    signal input shown;
    signal input hidden;
    signal output product;

    signal square <== hidden * hidden;
    signal cube <== square * hidden;

    product <== cube * shown + hidden;
}

component main { public [shown] } = Tiny();
