export { multiplyAdd } from './digits';
export * from './kernel';
