import css from '#app/statements/search-form.module.css';
import { Button } from '#app/ui/button.tsx';
import { TextInput } from '#app/ui/field.tsx';
import { LONGEST_SEARCH } from '#lib/api/shapes.ts';

/** Finds groups on a site that has too many for one page: an ordinary form, so that it works before any script. */
export function GroupSearch({ search = '' }: { search?: string | undefined }) {
  return (
    <search>
      <form action="/groups" className={css.form} key={search}>
        <TextInput
          label="Find a group"
          type="search"
          name="search"
          defaultValue={search}
          maxLength={LONGEST_SEARCH}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" kind="secondary">
          Find
        </Button>
      </form>
    </search>
  );
}
