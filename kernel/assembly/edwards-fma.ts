export { multiplyAdd } from './digits';
export * from './edwards';
