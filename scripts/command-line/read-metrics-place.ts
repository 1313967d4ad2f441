import { type ListenPlace, readListenPlace } from '#lib/host/measurements.ts';
import { UsageError } from './run-script.ts';

/** The option --metrics, where it is given. @throws UsageError */
export function readMetricsPlace(text: string | undefined): ListenPlace | undefined {
  if (text === undefined) return undefined;
  const place = readListenPlace(text);
  if (!place) throw new UsageError(`--metrics needs PORT or HOST:PORT, such as 9464 or 127.0.0.1:9464, not "${text}".`);
  return place;
}
