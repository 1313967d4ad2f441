pragma circom 2.1.5;

// The tiny circuit with one sign changed, as somebody would who wants another statement proved.
template Other() {
    signal input shown;
    signal input hidden;
    signal output product;

    signal square <== hidden * hidden;
    signal cube <== square * hidden;

    product <== cube * shown - hidden;
}

component main { public [shown] } = Other();
