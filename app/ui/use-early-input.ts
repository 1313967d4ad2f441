import { type ChangeEvent, type RefObject, useEffect, useEffectEvent, useRef } from 'react';

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Controlled<E extends Control> {
  value?: unknown;
  checked?: boolean | undefined;
  onChange?: ((event: ChangeEvent<E>) => void) | undefined;
}

/**
 * Hands on what somebody, or a browser that fills forms in, has put into a field before the page's program ran. React leaves it
 * standing there and does not know of it: what is shown would not be what is used.
 */
export function useEarlyInput<E extends Control>(field: Controlled<E>): RefObject<E | null> {
  const ref = useRef<E>(null);
  const handOn = useEffectEvent((control: E) => {
    if (wasChanged(control, field)) field.onChange?.({ target: control, currentTarget: control } as ChangeEvent<E>);
  });
  useEffect(() => {
    if (ref.current) handOn(ref.current);
  }, []);
  return ref;
}

function wasChanged(control: Control, { value, checked }: Controlled<never>): boolean {
  if (control.type === 'file') return (control as HTMLInputElement).files?.length !== 0;
  if (checked !== undefined) return isChosenAnew(control as HTMLInputElement, checked);
  if (value === undefined) return false;
  if (control instanceof HTMLSelectElement) return isOtherOption(control);
  const same = control.cloneNode() as HTMLInputElement; // a field writes some values in a way of its own, such as times
  same.value = String(value);
  return control.value !== same.value;
}

/** A radio button says that it is chosen, never that it is not. */
function isChosenAnew(control: HTMLInputElement, checked: boolean): boolean {
  return control.type === 'radio' ? control.checked && !checked : control.checked !== checked;
}

/** Of a list whose value is none of its options the browser shows the first, which nobody has chosen. */
function isOtherOption({ options, selectedIndex }: HTMLSelectElement): boolean {
  return [...options].some(({ defaultSelected }) => defaultSelected) && options[selectedIndex]?.defaultSelected === false;
}
