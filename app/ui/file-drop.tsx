'use client';

import { type DragEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import css from './file-drop.module.css';
import { useEarlyInput } from './use-early-input.ts';

type Taken =
  /** One file of at most so many bytes, read here: what is larger, or cannot be read, is refused with a sentence. */
  | { mostBytes: number; onText: (text: string) => void }
  | { mostBytes: number; onBytes: (bytes: Uint8Array, name: string) => void }
  /** Unread, for whoever looks at sizes and reads. */
  | { onFile: (file: File) => void }
  | { onFiles: (files: File[]) => void };

type FileDropProps = Taken & {
  label: string;
  /** Above all whether the file leaves this device. */
  hint?: ReactNode;
  error?: ReactNode;
  /** As the `accept` of a file input, e.g. ".csv,text/csv". Dropped files are handed over whatever they are: check them. */
  accept?: string;
};

/** A place to drop files, press to choose them, or reach by keyboard. */
export function FileDrop({ label, hint, error, accept, ...taken }: FileDropProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  const [chosen, setChosen] = useState('');
  const [refusal, setRefusal] = useState('');
  const newest = useRef<File>(null);
  useEffect(keepDropsHere, []);
  const input = useEarlyInput<HTMLInputElement>({ onChange: takeFrom });
  const isMany = 'onFiles' in taken;
  const fault = refusal || error;

  function take(list: FileList | null) {
    const [file, ...rest] = list ?? [];
    if (!file) return;
    const refused = 'mostBytes' in taken && file.size > taken.mostBytes ? describeTooLarge(file) : '';
    setRefusal(refused);
    if (refused) return; // what was chosen before, if anything, stands
    newest.current = file;
    void hand(file, rest);
  }

  async function hand(file: File, rest: File[]) {
    const read = await (isMany || 'onFile' in taken ? null : file.arrayBuffer().catch(() => 'unreadable' as const));
    if (newest.current !== file) return; // another was chosen meanwhile
    if (read === 'unreadable') return setRefusal(`This browser could not read ${file.name}. Is it still where it was?`);
    setChosen(isMany && rest.length > 0 ? `${groupDigits(rest.length + 1)} files` : file.name);
    if ('onFiles' in taken) taken.onFiles([file, ...rest]);
    else if ('onFile' in taken) taken.onFile(file);
    else if (read !== null) giveRead(new Uint8Array(read), file.name);
  }

  function giveRead(bytes: Uint8Array, name: string) {
    if ('onText' in taken) taken.onText(new TextDecoder().decode(bytes));
    else if ('onBytes' in taken) taken.onBytes(bytes, name);
  }

  function takeFrom({ target }: { target: HTMLInputElement }) {
    take(target.files);
    target.value = '';
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
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
        <span className={css.hint}>{chosen ? `Chosen: ${chosen}` : `Drop the ${isMany ? 'files' : 'file'} here, or press to choose.`}</span>
        <input
          id={id}
          type="file"
          accept={accept}
          multiple={isMany}
          aria-describedby={[hint ? `${id}h` : '', fault ? `${id}e` : ''].filter(Boolean).join(' ') || undefined}
          aria-invalid={fault ? true : undefined}
          ref={input}
          onChange={takeFrom}
        />
      </label>
      {hint && (
        <p className={css.hint} id={`${id}h`}>
          {hint}
        </p>
      )}
      <div aria-live="polite">
        {fault && (
          <div className={css.error} id={`${id}e`}>
            {fault}
          </div>
        )}
      </div>
    </div>
  );
}

/** A file that is dropped beside the field would take the place of the page, and of what was written on it. */
function keepDropsHere(): () => void {
  const keep = (event: globalThis.DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault(); // text may be dragged into a field
  };
  addEventListener('dragover', keep);
  addEventListener('drop', keep);
  return () => {
    removeEventListener('dragover', keep);
    removeEventListener('drop', keep);
  };
}

/** What is said of a file that was not read because of its size. */
function describeTooLarge({ name, size }: File): string {
  return `${name} has ${groupDigits(Math.ceil(size / 1024))} KB, far more than what belongs here. It was not read.`;
}
