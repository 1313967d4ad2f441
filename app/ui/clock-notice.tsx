import { isNotable } from '#lib/signing/clock.ts';
import { Notice } from './notice.tsx';
import { describeDuration } from './time-words.ts';

/** Says so where the clock of this device and the site's differ by more than a minute. @param ahead seconds, as of `clockAhead` */
export function ClockNotice({ ahead }: { ahead: number }) {
  if (!isNotable(ahead)) return null;
  return (
    <Notice
      kind="warning"
      title={`The clock of this device is ${describeDuration(60 * Math.round(Math.abs(ahead) / 60))} ${ahead > 0 ? 'ahead of' : 'behind'} this site’s.`}
      todo="What is in time goes by the site’s clock. Set the one of this device, or ask whoever runs the site if theirs is wrong."
    />
  );
}
