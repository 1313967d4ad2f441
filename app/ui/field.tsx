'use client';

import { type ComponentProps, type ReactNode, useId } from 'react';
import css from './field.module.css';
import { useEarlyInput } from './use-early-input.ts';
import { Words } from './words.tsx';

/** What a labelled control must spread onto its element, so that label, hint and error belong to it. */
export interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

export interface FieldWords {
  label: ReactNode;
  /** A line under the label, before the control. */
  hint?: ReactNode;
  /** What is wrong and what would be right; announced when it appears. */
  error?: ReactNode;
}

type ControlOf<Tag extends 'input' | 'textarea' | 'select'> = Omit<ComponentProps<Tag>, 'id' | 'ref'>;

/** Label, hint and error around any control: `children` receives the attributes that tie them together. */
function Field({ label, hint, error, children }: FieldWords & { children: (control: ControlProps) => ReactNode }) {
  const id = useId();
  const describedBy = [hint ? `${id}h` : '', error ? `${id}e` : ''].filter(Boolean).join(' ') || undefined;
  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      {hint && (
        <p className={css.hint} id={`${id}h`}>
          {hint}
        </p>
      )}
      {children({ id, 'aria-describedby': describedBy, 'aria-invalid': error ? true : undefined })}
      <FieldError id={`${id}e`} error={error} />
    </div>
  );
}

function FieldError({ id, error }: { id: string; error: ReactNode }) {
  return (
    <div aria-live="polite">
      {error && (
        <p className={css.error} id={id}>
          <Words>{error}</Words>
        </p>
      )}
    </div>
  );
}

/** For what must come out as it was typed, to the letter: nothing here corrects, capitalises, completes, marks or translates it. */
export const AS_TYPED = {
  autoComplete: 'off',
  autoCapitalize: 'none',
  autoCorrect: 'off',
  spellCheck: false,
  translate: 'no',
} as const;

/** One line of text. `size` in characters narrows it to what is expected (a number, a date). */
export function TextInput({ label, hint, error, ...input }: FieldWords & ControlOf<'input'>) {
  const ref = useEarlyInput(input);
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input type="text" {...input} {...control} ref={ref} className={input.size ? `${css.control} ${css.sized}` : css.control} />
      )}
    </Field>
  );
}

/** Text of several lines; grows with what is written where the browser can. `serif` for what will be read as a letter. */
export function TextArea({ label, hint, error, serif, ...area }: FieldWords & ControlOf<'textarea'> & { serif?: boolean }) {
  const ref = useEarlyInput(area);
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <textarea
          rows={6}
          {...area}
          {...control}
          ref={ref}
          className={[css.control, css.area, serif && css.serif].filter(Boolean).join(' ')}
        />
      )}
    </Field>
  );
}

/** A choice of one out of a list too long for radio buttons; `children` are the options. */
export function Select({ label, hint, error, ...select }: FieldWords & ControlOf<'select'>) {
  const ref = useEarlyInput(select);
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <select {...select} {...control} ref={ref} className={`${css.control} ${css.select}`} />}
    </Field>
  );
}

interface ChoiceProps extends Omit<ControlOf<'input'>, 'type'> {
  label: ReactNode;
  hint?: ReactNode;
}

function Choice({ label, hint, type, ...input }: ChoiceProps & { type: 'checkbox' | 'radio' }) {
  const id = useId();
  const ref = useEarlyInput(input);
  return (
    <div className={css.choice}>
      <input {...input} ref={ref} id={id} type={type} aria-describedby={hint ? `${id}h` : undefined} />
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className={css.hint} id={`${id}h`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** A yes or no. The whole line can be pressed. */
export function Checkbox(props: ChoiceProps) {
  return <Choice {...props} type="checkbox" />;
}

/** One of several; stands in a Fieldset whose legend asks the question, with the same `name` as the others. */
export function Radio(props: ChoiceProps) {
  return <Choice {...props} type="radio" />;
}

/** Controls that answer one question together. */
export function Fieldset({
  legend,
  hint,
  error,
  children,
}: {
  legend: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  const describedBy = [hint ? `${id}h` : '', error ? `${id}e` : ''].filter(Boolean).join(' ') || undefined;
  return (
    <fieldset className={css.fieldset} aria-describedby={describedBy}>
      <legend className={css.label}>{legend}</legend>
      {hint && (
        <p className={css.hint} id={`${id}h`}>
          {hint}
        </p>
      )}
      {children}
      <FieldError id={`${id}e`} error={error} />
    </fieldset>
  );
}

/**
 * Fields one under another at the distance forms have. What they hold is for the page's program alone: where it has not come yet, or
 * scripts are off, a press or Enter does nothing (`dialog` outside of one), and does not send the fields to the site in an address.
 */
export function FormStack({ children, ...form }: ComponentProps<'form'>) {
  return (
    <form method="dialog" {...form} className={css.form}>
      {children}
    </form>
  );
}
