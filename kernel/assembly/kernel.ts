export { fq_mul2, fq_mul4, fq_sqr2, fq_sqr4, fr_mul2, fr_mul4, fr_sqr2, fr_sqr4, g1_dx } from './arithmetic';
export { invertQuad } from './field';
export { allocate, mark, release, start, wipe } from './memory';
export { importPoints } from './points';
export { quotient } from './quotient';
export { sumPoints } from './sum';
