'use client';

import { Select } from '#app/ui/field.tsx';
import { describeDuration } from '#app/ui/time-words.ts';
import { DELAY_SEEN, describeWatcher } from '#lib/signing/send-later.ts';
import css from './sign.module.css';

interface DelayFieldProps {
  cadence: number;
  /** Those that end before the deadline, in seconds. */
  delays: readonly number[];
  chosen: number;
  onChoose: (seconds: number) => void;
}

/** What somebody who watches the signer's line could learn, and a later moment to send the signature, if the signer wants one. */
export function DelayField({ cadence, delays, chosen, onChoose }: DelayFieldProps) {
  return (
    <details className={css.details}>
      <summary>What somebody who watches your line could learn</summary>
      <div className={css.minimum}>
        <p>{describeWatcher(cadence)}</p>
        {delays.length > 1 && (
          <Select
            label="Send it"
            hint="The moment is drawn by lot on this device. The page must stay open until then, and says until when nothing has been sent."
            value={chosen}
            onChange={(event) => onChoose(Number(event.target.value))}
          >
            {delays.map((seconds) => (
              <option key={seconds} value={seconds}>
                {describeDelay(seconds)}
              </option>
            ))}
          </Select>
        )}
        <p>{DELAY_SEEN}</p>
      </div>
    </details>
  );
}

function describeDelay(seconds: number): string {
  return seconds === 0 ? 'now' : `at some moment within ${describeDuration(seconds)}`;
}
