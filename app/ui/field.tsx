import { type ComponentProps, type ReactNode, useId } from 'react';
import css from './field.module.css';
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
export function TextInput({ label, hint, error, ...input }: FieldWords & Omit<ComponentProps<'input'>, 'id'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <input type="text" {...input} {...control} className={input.size ? `${css.control} ${css.sized}` : css.control} />}
    </Field>
  );
}

/** Text of several lines; grows with what is written where the browser can. `serif` for what will be read as a letter. */
export function TextArea({
  label,
  hint,
  error,
  serif,
  ...area
}: FieldWords & Omit<ComponentProps<'textarea'>, 'id'> & { serif?: boolean }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <textarea rows={6} {...area} {...control} className={[css.control, css.area, serif && css.serif].filter(Boolean).join(' ')} />
      )}
    </Field>
  );
}

/** A choice of one out of a list too long for radio buttons; `children` are the options. */
export function Select({ label, hint, error, ...select }: FieldWords & Omit<ComponentProps<'select'>, 'id'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <select {...select} {...control} className={`${css.control} ${css.select}`} />}
    </Field>
  );
}

interface ChoiceProps extends Omit<ComponentProps<'input'>, 'id' | 'type'> {
  label: ReactNode;
  hint?: ReactNode;
}

function Choice({ label, hint, type, ...input }: ChoiceProps & { type: 'checkbox' | 'radio' }) {
  const id = useId();
  return (
    <div className={css.choice}>
      <input {...input} id={id} type={type} aria-describedby={hint ? `${id}h` : undefined} />
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

/** Fields one under another at the distance forms have. */
export function FormStack({ children, ...form }: ComponentProps<'form'>) {
  return (
    <form {...form} className={css.form}>
      {children}
    </form>
  );
}
