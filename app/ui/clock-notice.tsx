import { isNotable } from '#lib/signing/clock.ts';
import { Notice } from './notice.tsx';
import { describeAhead } from './time-words.ts';

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
