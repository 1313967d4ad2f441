/** 1.5 2^103 and 1.5 2^52: added to a product, they make its upper and its lower part integers in the low bits of a double. */
export const HIGH = 1.5 * 2 ** 103;
export const LOW = 1.5 * 2 ** 52;

/** What the functions of a generated file share. */
export class Unit {
  private readonly constants: bigint[] = [];
  private readonly functions = new Map<string, string>();
  private names = 0;

  /** The expression that loads 64 bits into both lanes, from a table. */
  bits(value: bigint): string {
    if (!this.constants.includes(value)) this.constants.push(value);
    return `v128.load(TABLE, ${16 * this.constants.indexOf(value)})`;
  }

  /** A name for a variable that no other has. */
  name(): string {
    return `local${this.names++}`;
  }

  /** Has a function of that name in the file once. */
  share(name: string, write: () => string): void {
    if (!this.functions.has(name)) this.functions.set(name, write());
  }

  emit(): string {
    const table = this.constants.flatMap((value) => [value, value]).join(', ');
    return [`const TABLE: usize = memory.data<u64>([${table}], 16);`, ...this.functions.values()].join('\n');
  }
}
