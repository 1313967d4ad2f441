/** OpenSSL as Node has it, by the names that its caller knows; undefined in a browser, for which an import could not be resolved. */
export function findNodeCrypto<Known>(): Known | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return process?.getBuiltinModule?.('node:crypto') as Known | undefined;
}
