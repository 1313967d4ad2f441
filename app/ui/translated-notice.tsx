'use client';

import { useSyncExternalStore } from 'react';
import { Notice } from './notice.tsx';

/** What programs that translate pages leave behind: classes of the page, another language, elements around its texts. */
const TRACES =
  'html.translated-ltr, html.translated-rtl, html:not([lang="en"]), main font, main [_msttexthash], main [data-immersive-translate-walked]';

/** Says, where somebody is about to sign, that the words of the page are no longer ours. */
export function TranslatedNotice() {
  const isTranslated = useSyncExternalStore(watchPage, looksTranslated, () => false);
  if (!isTranslated) return null;
  return (
    <Notice
      kind="warning"
      live
      title="This page has been translated by a program."
      todo="If anything is unclear, let your browser show the original before you sign."
    >
      <p>
        What you sign was left as it is: the statement, the condition, the times and the names. Everything else may say something other than
        we wrote, and nobody has checked it.
      </p>
    </Notice>
  );
}

function looksTranslated(): boolean {
  return document.querySelector(TRACES) !== null;
}

function watchPage(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'lang'] });
  observer.observe(document.body, { childList: true, subtree: true });
  return () => observer.disconnect();
}
