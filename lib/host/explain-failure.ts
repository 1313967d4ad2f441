/** What Node says of a file or folder that cannot be used. */
const FILE_CAUSES: Record<string, string> = {
  ENOENT: 'is not there. Check the name, and the folder in which you are',
  EISDIR: 'is a folder, and a file is needed',
  ENOTDIR: 'cannot be: what stands for a folder in it is a file',
  EEXIST: 'is there already. Name another place, or move it away first',
  EACCES: 'may not be used by the user that runs this. Check who owns it, and its mode',
  EPERM: 'may not be changed by the user that runs this. Check who owns it, and its mode',
  EROFS: 'lies on a disk that cannot be written to',
  ENOSPC: 'cannot be written, because the disk is full',
  EDQUOT: 'cannot be written, because the quota of the user that runs this is used up',
  ENAMETOOLONG: 'cannot be, because the name is longer than the disk takes',
  ELOOP: 'is a symbolic link that leads back to itself',
  EMFILE: 'cannot be opened, because this process has as many files open as it may',
  EIO: 'cannot be read or written: the disk reports a fault',
};

/** What it says of a folder that cannot be made, whose own folder is there. */
const FOLDER_CAUSES: Record<string, string> = {
  EEXIST: 'is a file, and a folder is needed',
  ENOENT: 'cannot be made: what lies above it takes no folders',
};

/**
 * A sentence for whoever runs a command on why it failed: the file that cannot be used and what to do, what stands behind a network
 * that failed, or the error's own message. Never a stack.
 */
export function explainFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code = '', path, dest, syscall, address } = error as NodeJS.ErrnoException & { dest?: string; address?: string };
  const cause = (syscall === 'mkdir' && FOLDER_CAUSES[code]) || FILE_CAUSES[code];
  if (syscall && cause) return `${(code === 'EEXIST' && dest) || path || address || 'What was to be read or written'} ${cause}.`;
  const behind = causeOf(error);
  if (behind !== error) return `${error.message} (${behind.message || codeOf(behind)})`;
  return isFault(error) ? `This is a fault of the program: ${error.name}: ${error.message}` : error.message || error.name;
}

/** The error at the end of a chain of causes, such as that of a connection behind "fetch failed". */
function causeOf(error: Error): Error {
  return error.cause instanceof Error ? causeOf(error.cause) : error;
}

/** Several addresses that were all tried in vain have a code in common, and no message. */
function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.name;
}

function isFault(error: Error): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}
