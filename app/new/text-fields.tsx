'use client';

import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { TextArea, TextInput } from '../ui/field.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { LanguageSelect } from './language-select.tsx';
import css from './new.module.css';
import type { DraftFieldsProps } from './part-props.ts';

/** Title, text and language, with the text as readers will see it. */
export function TextFields({ draft, change, problemOf }: DraftFieldsProps) {
  const [preview, setPreview] = useState(false);
  return (
    <>
      <TextInput
        label="Title"
        name="title"
        dir="auto"
        maxLength={220}
        value={draft.title}
        onChange={(event) => change({ title: event.target.value })}
        error={problemOf('title')}
      />
      <div className={css.text}>
        <TextArea
          label="Text"
          hint="What people put their names to. Headings, lists, *emphasis* and links as in Markdown; line breaks stay, and everything else is shown as you write it."
          name="body"
          serif
          dir="auto"
          rows={10}
          value={draft.body}
          onChange={(event) => change({ body: event.target.value })}
          error={problemOf('body')}
        />
        <div>
          <Button kind="link" aria-expanded={preview} onClick={() => setPreview(!preview)}>
            {preview ? 'Hide the preview' : 'Preview the text'}
          </Button>
        </div>
        {preview && (
          <section className={css.preview} aria-label="Preview of the text">
            {draft.body.trim() ? <Markdown text={draft.body} lang={draft.language} /> : <p>There is no text yet.</p>}
          </section>
        )}
      </div>
      <LanguageSelect label="Language of the text" value={draft.language} onChange={(language) => change({ language })} />
    </>
  );
}
