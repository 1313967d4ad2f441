'use client';

import { type ReactNode, useId, useRef } from 'react';
import { Button, type ButtonKind, ButtonRow } from './button.tsx';
import css from './dialog.module.css';

interface ConfirmDialogProps {
  /** The button that opens the question. */
  trigger: ReactNode;
  triggerKind?: ButtonKind;
  /** The question, naming what will happen: "Delete this membership?" */
  title: ReactNode;
  /** What follows from a yes, above all what cannot be taken back. */
  children: ReactNode;
  /** The deed in a word or two, e.g. "Delete it". */
  confirm: string;
  cancel?: string;
  onConfirm: () => void;
}

/** Asks before something that cannot be taken back. The way out is focused first; Escape and the page behind also leave. */
export function ConfirmDialog({
  trigger,
  triggerKind = 'danger',
  title,
  children,
  confirm,
  cancel = 'Go back',
  onConfirm,
}: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();

  function agree() {
    dialog.current?.close();
    onConfirm();
  }

  return (
    <>
      <Button kind={triggerKind} onClick={() => dialog.current?.showModal()} aria-haspopup="dialog">
        {trigger}
      </Button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a modal dialog by itself */}
      <dialog
        ref={dialog}
        className={css.dialog}
        aria-labelledby={id}
        onClick={(event) => {
          if (event.target === event.currentTarget) event.currentTarget.close();
        }}
      >
        <div className={css.inner}>
          <h2 id={id}>{title}</h2>
          <div>{children}</div>
          <ButtonRow>
            <Button kind="secondary" autoFocus onClick={() => dialog.current?.close()}>
              {cancel}
            </Button>
            <Button kind="danger" onClick={agree}>
              {confirm}
            </Button>
          </ButtonRow>
        </div>
      </dialog>
    </>
  );
}
