export {
  first_add,
  fq_mul4,
  fq_sqr4,
  miller_psi,
  numbers_enter,
  twelve_frobenius,
  twelve_line,
  twelve_mul,
  twelve_sqr,
} from './arithmetic';
export { checkEquations } from './equations';
export { exponentiate, inverse } from './final';
export { cutAll, sumProducts } from './first-group';
export { allocate, mark, release, scratch } from './memory';
export { multiplyLoops } from './miller';
