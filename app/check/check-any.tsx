'use client';

import { type FormEvent, useState } from 'react';
import { isTallyFile } from '#lib/browser/tallies.ts';
import { parseStatementLink } from '#lib/signing/statement-link.ts';
import { Button } from '../ui/button.tsx';
import { FormStack, TextInput } from '../ui/field.tsx';
import { FileDrop } from '../ui/file-drop.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { CheckRecord, type RecordSource } from './check-record.tsx';
import { CheckTally } from './check-tally.tsx';

/** Checks a record or a tally from a file, wherever it came from, or the record of a statement on this site by its link. */
export function CheckAny() {
  const [chosen, setChosen] = useState<{ source: RecordSource; expected?: string } | { tally: Blob } | null>(null);
  const [link, setLink] = useState('');
  const [fault, setFault] = useState<string>();

  function follow(event: FormEvent) {
    event.preventDefault();
    const parsed = parseStatementLink(link);
    if (!parsed.ok)
      return setFault(`This is not a whole link to a statement, which ends in # and 64 letters and digits (${parsed.detail}).`);
    if (parsed.value.origin !== location.origin)
      return setFault(
        'This statement is on another site, and this page talks to no other. Download its record there and drop the file here.',
      );
    setFault(undefined);
    setChosen({ source: { statement: parsed.value.id }, expected: parsed.value.id });
  }

  async function take(file: Blob) {
    const isTally = await isTallyFile(file).catch(() => false); // what cannot be read is told by whoever reads it whole
    setChosen(isTally ? { tally: file } : { source: { file } });
  }

  if (chosen && 'tally' in chosen) return <CheckTally file={chosen.tally} onAgain={() => setChosen(null)} />;
  if (chosen) return <CheckRecord source={chosen.source} expected={chosen.expected} onAgain={() => setChosen(null)} />;
  return (
    <Stack gap="wide">
      <FileDrop
        label="A record, or the answers to a question about membership"
        hint="It is read in this browser and sent nowhere."
        accept=".ndjson,.json,application/x-ndjson"
        onFile={(file) => void take(file)}
      />
      <FormStack onSubmit={follow} noValidate>
        <TextInput
          label="Or the link to a statement on this site"
          name="link"
          type="url"
          autoComplete="off"
          value={link}
          onChange={(event) => setLink(event.target.value)}
          error={fault}
        />
        <div>
          <Button type="submit">Check this statement</Button>
        </div>
      </FormStack>
    </Stack>
  );
}
