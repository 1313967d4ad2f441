/** Why a backup could not be used, in words for its owner. */
export function describeBackupFault(code: string): string {
  if (code === 'OTHER_WORDS') return 'This backup was made with other words, or it was changed. Nothing here was touched.';
  return 'This is not a backup, or it was cut off or changed. Nothing here was touched.';
}
