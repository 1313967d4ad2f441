export { multiplyAdd } from './digits';
export * from './pairing';
