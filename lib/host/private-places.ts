// Files and folders that must be this user's alone: who can read a key signs with it, who can write beside it replaces it.
import { lstatSync, type Stats, statSync } from 'node:fs';

const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
/** Of root: it can read and replace everything anyway, and mounts secrets for others. */
const ROOT = 0;

const hasOwners = process.platform !== 'win32';

/**
 * Requires that a file with a secret can be read by its owner only, who is this user or root. Links are followed: secrets that are
 * mounted into containers are links.
 * @param owner another user who may own it
 * @throws Error with a sentence that names the file and says what to do, never what is in it
 */
export function requireSecretFile(file: string, owner?: number): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new Error(`${file} is not there.`);
  if (!found.isFile()) throw new Error(`${file} must be a file.`);
  if (!hasOwners) return;
  if (found.uid !== owner) requireOwner(file, found);
  if (found.mode & OTHERS) throw new Error(`Others on this machine may read ${file}. Close it first: chmod 600 '${file}'`);
}

/**
 * Requires that a folder is this user's, no link, and closed to the writing of others.
 * @throws Error with a sentence that names the folder and says what to do
 */
export function requireOwnFolder(folder: string): void {
  const found = lstatSync(folder);
  if (found.isSymbolicLink()) throw new Error(`${folder} is a symbolic link, which could be turned elsewhere. Name the folder itself.`);
  if (!found.isDirectory()) throw new Error(`${folder} must be a folder.`);
  if (!hasOwners) return;
  requireOwner(folder, found);
  if (found.mode & OTHERS_WRITE) throw new Error(`Others on this machine may write to ${folder}. Close it first: chmod go-w '${folder}'`);
}

/** Requires, beyond requireOwnFolder, that others cannot even look into the folder. @throws Error likewise */
export function requirePrivateFolder(folder: string): void {
  requireOwnFolder(folder);
  if (hasOwners && lstatSync(folder).mode & OTHERS)
    throw new Error(`Others on this machine may enter ${folder}. Close it first: chmod 700 '${folder}'`);
}

function requireOwner(place: string, { uid }: Stats): void {
  const user = process.getuid?.();
  if (uid === user || uid === ROOT) return;
  throw new Error(`${place} belongs to another user (${uid}), who could change it. It must belong to the user that runs this (${user}).`);
}
