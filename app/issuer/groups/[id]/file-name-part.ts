/** A group's name as part of a file name: letters and digits of any script, everything else as single hyphens. */
export function fileNamePart(name: string): string {
  const part = name
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return part || 'group';
}
