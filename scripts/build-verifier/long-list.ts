// A list that may hold thousands: a field to find an item, and pages to turn. Only one page of it is laid out.
import { findInList, foldText, PAGE_ITEMS, pageOf } from '#lib/api/find-in-list.ts';

/** Text of a record is never read as markup, and its direction is kept from its surroundings. */
export function make(tag: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.dir = 'auto';
  made.textContent = text;
  return made;
}

/** The texts as a list. `find` says what can be looked for, `what` what they are: "Find a name", "names". */
export function makeList(texts: readonly string[], find: string, what: string): HTMLElement {
  const list = document.createElement('ul');
  const fill = (some: readonly string[]) => {
    const items = document.createDocumentFragment();
    for (const text of some) items.append(make('li', text));
    list.replaceChildren(items);
  };
  if (texts.length <= PAGE_ITEMS) {
    fill(texts);
    return list;
  }
  const folded = texts.map(foldText);
  let found = texts;
  let wanted = 0;
  const place = make('p', '');
  place.setAttribute('role', 'status');
  const [previous, next] = [make('button', 'Previous'), make('button', 'Next')] as HTMLButtonElement[];
  const draw = () => {
    const { page, pages, start, end } = pageOf(found.length, wanted);
    wanted = page;
    fill(found.slice(start, end));
    place.textContent =
      found.length === 0 ? `No ${what} found` : `${start + 1} to ${end} of ${found.length} ${what}, page ${page + 1} of ${pages}`;
    previous!.disabled = page === 0;
    next!.disabled = page === pages - 1;
  };
  const turn = (by: number) => {
    wanted += by;
    draw();
  };
  previous?.addEventListener('click', () => turn(-1));
  next?.addEventListener('click', () => turn(1));
  const field = document.createElement('input');
  field.type = 'search';
  field.addEventListener('input', () => {
    found = findInList(folded, field.value).map((i) => texts[i] as string);
    wanted = 0;
    draw();
  });
  const label = make('label', `${find}: `);
  label.append(field);
  const turning = make('p', '');
  turning.append(previous as HTMLElement, ' ', next as HTMLElement);
  const whole = document.createElement('div');
  whole.append(label, place, turning, list);
  draw();
  addEventListener('beforeprint', () => fill(texts));
  addEventListener('afterprint', draw);
  return whole;
}
