/** What was measured in Chromium on two cores for 8,090 constraints, with some room. */
const MEASURED = { constraints: 8_090, seconds: 80, megabytes: 400, baseMegabytes: 150 } as const;

/** Time and memory that a contribution takes in a browser, in words and megabytes. */
export function expectedBrowserCost(constraints: number): { minutes: string; megabytes: number } {
  const share = constraints / MEASURED.constraints;
  const minutes = Math.ceil((MEASURED.seconds * share) / 60);
  const megabytes = Math.ceil((MEASURED.baseMegabytes + (MEASURED.megabytes - MEASURED.baseMegabytes) * share) / 50) * 50;
  return { minutes: minutes === 1 ? 'one minute' : `${minutes} minutes`, megabytes };
}
