export {
  beside_add,
  beside_add_half,
  beside_addend,
  beside_double,
  beside_double_only,
  beside_half_addend,
  beside_subtract,
  edwards_add,
  edwards_addend,
  edwards_double,
  edwards_subtract,
} from './arithmetic';
export { enterAll, leaveAll } from './edwards-beside';
export { addAllByTable, multiplyAll, sumOfSecretProducts } from './edwards-many';
export { makeTable, multiply, multiplyByTable, tableBytes, timesEight } from './edwards-multiply';
export { enterPoint, leavePoint } from './edwards-points';
export { inverseRoot, prepareRoots } from './edwards-root';
export { sumOfProducts } from './edwards-sum';
export { allocate, erase, mark, release, scratch, start } from './memory';
