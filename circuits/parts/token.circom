pragma circom 2.1.5;

include "babyjub.circom";
include "poseidon.circom";

// Token: a name as a point of Baby Jubjub, and the eightfold of it.
//
//   point.y = Poseidon(nameHash, salt)
//   out     = 8 * point, by three doublings
//
// Enforced    point is on the curve; its y is made of nameHash and salt; out is in the subgroup of order l, whatever
//             small-order part the point has, so the eight points that differ by such a part give one and the same out.
//             The addition law of circomlib is complete on this curve (168696 is no square), so no doubling divides by zero.
// Left out    which of the two points with that y it is; and that 8 * point is not the identity, which would take a
//             preimage of Poseidon for the y of one of the eight points of small order.
template Token() {
    signal input nameHash;
    signal input salt;
    signal input point[2];

    signal output out[2];

    signal y <== Poseidon(2)([nameHash, salt]);
    y === point[1];

    component onCurve = BabyCheck();
    onCurve.x <== point[0];
    onCurve.y <== point[1];

    component doublings[3];
    for (var i = 0; i < 3; i++) {
        doublings[i] = BabyDbl();
        doublings[i].x <== i == 0 ? point[0] : doublings[i - 1].xout;
        doublings[i].y <== i == 0 ? point[1] : doublings[i - 1].yout;
    }
    out[0] <== doublings[2].xout;
    out[1] <== doublings[2].yout;
}
