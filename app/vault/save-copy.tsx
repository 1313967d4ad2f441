'use client';

import { useState } from 'react';
import { saveFile } from '#lib/browser/save-file.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useVaultJob } from './vault-failure.ts';

interface SaveCopyProps {
  fileName: string;
  /** Makes the text of the file, which is encrypted. */
  makeFile: () => Promise<string>;
  /** The button, e.g. "Save a copy". */
  action: string;
}

/** Saves an encrypted copy of what a vault holds. */
export function SaveCopy({ fileName, makeFile, action }: SaveCopyProps) {
  const [isSaved, setSaved] = useState(false);
  const job = useVaultJob();

  async function save() {
    setSaved(await job.start(async () => saveFile(fileName, await makeFile())));
  }

  return (
    <>
      <div>
        <Button kind="secondary" onClick={() => void save()}>
          {action}
        </Button>
      </div>
      {isSaved && (
        <Notice
          kind="info"
          live
          title="The file went to this browser’s downloads."
          todo="Move it to where you keep things that must not get lost."
        />
      )}
      {job.failure && <Notice kind="error" live {...job.failure} />}
    </>
  );
}
