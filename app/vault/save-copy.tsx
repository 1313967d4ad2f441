'use client';

import { useState } from 'react';
import { saveFile } from '#lib/browser/save-file.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

interface SaveCopyProps {
  fileName: string;
  /** Makes the text of the file, which is encrypted. */
  makeFile: () => Promise<string>;
  /** The button, e.g. "Save a copy". */
  action: string;
}

/** Saves an encrypted copy of what a vault holds. */
export function SaveCopy({ fileName, makeFile, action }: SaveCopyProps) {
  const [state, setState] = useState<'idle' | 'saved' | 'failed'>('idle');

  async function save() {
    try {
      saveFile(fileName, await makeFile());
      setState('saved');
    } catch {
      setState('failed');
    }
  }

  return (
    <>
      <div>
        <Button kind="secondary" onClick={() => void save()}>
          {action}
        </Button>
      </div>
      {state === 'saved' && (
        <Notice
          kind="info"
          live
          title="The file went to this browser’s downloads."
          todo="Move it to where you keep things that must not get lost."
        />
      )}
      {state === 'failed' && (
        <Notice
          kind="error"
          live
          title="The file could not be made."
          lost="Nothing was lost."
          todo="Load this page again and try once more."
        />
      )}
    </>
  );
}
