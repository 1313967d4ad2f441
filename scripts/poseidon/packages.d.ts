// What is used here of packages that come without types.
declare module 'wasmbuilder' {
  export class ModuleBuilder {
    setMemory(pages: number): void;
    build(): number[];
  }
}
declare module 'wasmcurves' {
  export function buildF1m(module: import('wasmbuilder').ModuleBuilder, modulus: bigint, prefix: string): void;
}
declare module 'circomlibjs' {
  export function buildPoseidonWasm(module: import('wasmbuilder').ModuleBuilder): void;
}
