import { LONGEST_SEARCH } from '#lib/api/shapes.ts';
import { Button } from '../ui/button.tsx';
import { Select, TextInput } from '../ui/field.tsx';
import css from './search-form.module.css';

interface SearchFormProps {
  group?: string | undefined;
  standing?: string | undefined;
  search?: string | undefined;
}

/** Narrows the list by title and standing; it is an ordinary form, so that it works before any script and its address can be kept. */
export function SearchForm({ group, standing = '', search = '' }: SearchFormProps) {
  return (
    <search>
      <form action="/statements" className={css.form} key={`${standing}/${search}`}>
        {group && <input type="hidden" name="group" value={group} />}
        <TextInput
          label="Words of the title"
          type="search"
          name="search"
          defaultValue={search}
          maxLength={LONGEST_SEARCH}
          autoComplete="off"
        />
        <Select label="Show" name="standing" defaultValue={standing}>
          <option value="">All</option>
          <option value="open">Under way</option>
          <option value="revealed">Names are open</option>
          <option value="ended">Over</option>
        </Select>
        <Button type="submit" kind="secondary">
          Find
        </Button>
      </form>
    </search>
  );
}
