const CAUSES: Record<string, string> = {
  EADDRINUSE: 'another program has it',
  EACCES: 'it may not be used by the user that runs this',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name cannot be looked up at the moment',
};

/** Why a port cannot be had, as the end of a sentence for the operator. */
export function listenCause({ code, message }: NodeJS.ErrnoException): string {
  return CAUSES[code ?? ''] ?? message;
}
