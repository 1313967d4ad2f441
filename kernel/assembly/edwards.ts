export { edwards_add, edwards_addend, edwards_double, edwards_subtract } from './arithmetic';
export { addByTable, makeTable, multiply, multiplyByTable, sumOfSecretProducts, tableBytes, timesEight } from './edwards-multiply';
export { enterPoint, leavePoint } from './edwards-points';
export { inverseRoot, prepareRoots } from './edwards-root';
export { sumOfProducts } from './edwards-sum';
export { allocate, erase, mark, release, scratch, start } from './memory';
