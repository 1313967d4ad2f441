'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { Notice } from '#app/ui/notice.tsx';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { PART_MISSING } from '#lib/room/part-missing.ts';
import type { LinkVerdict } from './judge-fragment.ts';
import { judgeLink } from './judge-link.ts';
import css from './statement.module.css';

/**
 * Compares the hash behind the `#` of the link that led here, which no server sees, with the hash of the statement that this
 * page holds, computed here in the reader's browser (T28). A warning stands above the page's head (`children`), reassurance below.
 */
export function LinkCheck({ id, statement, children }: { id: string; statement: Statement; children: ReactNode }) {
  const [verdict, setVerdict] = useState<LinkVerdict | 'unloaded'>('none');

  useEffect(() => {
    let left = false;
    async function judge() {
      const judged = await judgeLink(location.hash, id, statement);
      if (!left) setVerdict(judged);
    }
    void judge();
    addEventListener('hashchange', judge);
    return () => {
      left = true;
      removeEventListener('hashchange', judge);
    };
  }, [id, statement]);

  return (
    <>
      {(verdict === 'cut' || verdict === 'other') && (
        <div className={css.alarm}>
          <LinkWarning verdict={verdict} />
        </div>
      )}
      {verdict === 'unloaded' && (
        <div className={css.alarm}>
          <Notice kind="warning" live title="This statement was not compared with your link." todo={PART_MISSING} />
        </div>
      )}
      {children}
      {verdict === 'same' && (
        <p className={css.quiet}>Your browser has compared this statement with the hash in your link: it is the same.</p>
      )}
    </>
  );
}

function LinkWarning({ verdict }: { verdict: 'cut' | 'other' }) {
  return (
    <Notice
      kind="error"
      live
      title={verdict === 'cut' ? 'The link that led you here is incomplete.' : 'This is not the statement that your link names.'}
      todo={
        verdict === 'cut'
          ? 'Its end was cut off or changed. Ask whoever sent it for the whole link, or copy it again, before you sign.'
          : 'Do not sign. Somebody has swapped the statement, or the link. Ask whoever sent it, by another way than this site.'
      }
    />
  );
}
