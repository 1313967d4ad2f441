'use client';

import { type DragEvent, type ReactNode, useId, useState } from 'react';
import css from './file-drop.module.css';

interface FileDropProps {
  label: string;
  /** Above all whether the file leaves this device. */
  hint?: ReactNode;
  error?: ReactNode;
  /** As the `accept` of a file input, e.g. ".csv,text/csv". Dropped files are handed over whatever they are: check them. */
  accept?: string;
  onFile: (file: File) => void;
}

/** A place to drop one file, press to choose one, or reach by keyboard. It reads nothing itself. */
export function FileDrop({ label, hint, error, accept, onFile }: FileDropProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  const [name, setName] = useState('');

  function take(file: File | undefined | null) {
    if (!file) return;
    setName(file.name);
    onFile(file);
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files.item(0));
  }

  return (
    <div className={css.field}>
      <label
        className={over ? `${css.drop} ${css.over}` : css.drop}
        htmlFor={id}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <span className={css.label}>{label}</span>
        <span className={css.hint}>{name ? `Chosen: ${name}` : 'Drop the file here, or press to choose it.'}</span>
        <input
          id={id}
          type="file"
          accept={accept}
          aria-describedby={[hint ? `${id}h` : '', error ? `${id}e` : ''].filter(Boolean).join(' ') || undefined}
          aria-invalid={error ? true : undefined}
          onChange={(event) => {
            take(event.target.files?.item(0));
            event.target.value = '';
          }}
        />
      </label>
      {hint && (
        <p className={css.hint} id={`${id}h`}>
          {hint}
        </p>
      )}
      <div aria-live="polite">
        {error && (
          <p className={css.error} id={`${id}e`}>
            {error}
          </p>
        )}
      </div>
    </div>
  );
}
