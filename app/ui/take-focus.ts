/** As the `ref` of what comes in the place of the button that was pressed: it has the focus once it is there. */
export function takeFocus(element: HTMLElement | null): void {
  element?.focus();
}

/** As `takeFocus`, for what is a page of its own to the reader and begins at the top of the window. */
export function takeFocusAtTop(element: HTMLElement | null): void {
  element?.focus();
  element?.scrollIntoView({ block: 'start' });
}
