'use client';

import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react';
import { TextArea } from '../ui/field.tsx';
import { ProgressBar } from '../ui/progress.tsx';
import css from './ceremony.module.css';

/** Movements and keystrokes after which enough has come together: one bit each would already be plenty beside the browser's own. */
export const ENOUGH_SAMPLES = 160;

interface RandomnessPadProps {
  /** Takes a sample: where and when something moved or was pressed. */
  onSample: (sample: string) => void;
  samples: number;
}

/** Where a person leaves traces that no program foresees: by moving over the pad, or by typing into the field below. */
export function RandomnessPad({ onSample, samples }: RandomnessPadProps) {
  const [text, setText] = useState('');
  const last = useRef('');
  const id = useId();

  const move = (event: PointerEvent) => {
    const place = `${event.clientX},${event.clientY}`;
    if (place === last.current) return;
    last.current = place;
    onSample(`${place},${event.timeStamp}`);
  };
  const press = (event: KeyboardEvent) => {
    if (!event.repeat) onSample(`${event.key},${event.timeStamp}`);
  };

  return (
    <div className={css.randomness}>
      <p id={id}>
        Your browser draws random numbers by itself. In case it was made to draw known ones, add some of your own: move about in this field,
        or type anything below.
      </p>
      <div className={css.pad} onPointerMove={move} aria-hidden="true" data-testid="pad">
        <span>{samples < ENOUGH_SAMPLES ? 'Move here' : 'Enough; more does no harm'}</span>
      </div>
      <TextArea
        label="Or type at random"
        hint="Only used for mixing. It stays in this tab and is forgotten."
        rows={2}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={press}
        autoComplete="off"
        spellCheck={false}
      />
      <ProgressBar label="Collected" done={samples / ENOUGH_SAMPLES} detail={`${Math.min(samples, ENOUGH_SAMPLES)} of ${ENOUGH_SAMPLES}`} />
    </div>
  );
}
