import { isNotable } from '#lib/signing/clock.ts';
import { Notice } from './notice.tsx';
import { describeDuration } from './time-words.ts';

/** Says so where the clock of this device and the site's differ by more than a minute. @param ahead seconds, as of `clockAhead` */
export function ClockNotice({ ahead }: { ahead: number }) {
  if (!isNotable(ahead)) return null;
  return (
    <Notice
      kind="warning"
      title={describeAhead(ahead)}
      todo="What is in time goes by the site’s clock. Set the one of this device, or ask whoever runs the site if theirs is wrong."
    />
  );
}

/** A difference of clocks as a sentence. @param ahead seconds, as of `clockAhead` */
export function describeAhead(ahead: number): string {
  const difference = describeDuration(60 * Math.round(Math.abs(ahead) / 60));
  return `The clock of this device is ${difference} ${ahead > 0 ? 'ahead of' : 'behind'} this site’s.`;
}
