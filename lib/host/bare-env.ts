/** The surroundings of a thread or process that needs no settings: nothing that could be a secret, and where Node keeps compiled code. */
export function bareEnv(): NodeJS.ProcessEnv {
  const { NODE_COMPILE_CACHE } = process.env;
  return (NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }) as NodeJS.ProcessEnv;
}

/** The surroundings of this process itself, for a thread that does what this process would. */
export function ownEnv(): NodeJS.ProcessEnv {
  return process.env;
}
