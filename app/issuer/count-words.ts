/** A number with its noun: "1 person", "535 people", "65,536 rows". */
export function countOf(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}

/** A few names and how many more there are: "Ada, Ben, Cleo and 12 more". */
export function someOf(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${rest.toLocaleString('en-GB')} more` : names.join(', ');
}
