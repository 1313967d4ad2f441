'use client';

import { TextArea } from '#app/ui/field.tsx';
import { FileDrop } from '#app/ui/file-drop.tsx';
import type { RosterSource } from './use-roster-source.ts';

/** Bytes: 65,536 rows with columns that are not read. */
const LARGEST_ROSTER_FILE = 64 * 1024 * 1024;

/** Where the rows come from: a file, or what is pasted. */
export function RosterSourceFields({ source, onChange }: { source: RosterSource; onChange: () => void }) {
  return (
    <>
      <FileDrop
        label="CSV file with names and addresses"
        hint="It is read here and never leaves this browser. Up to 65,536 rows; addresses may be left out. “CSV UTF-8” in spreadsheets."
        accept=".csv,text/csv,text/plain"
        error={source.fileError}
        mostBytes={LARGEST_ROSTER_FILE}
        onBytes={(bytes, name) => {
          onChange();
          source.takeFile(bytes, name);
        }}
      />
      {!source.hasFile && (
        <TextArea
          label="Or paste the rows"
          placeholder={'name,email\n"Jane Doe, Senator for District 4",jane@example.org\nAli Haddad,ali@example.org'}
          spellCheck={false}
          value={source.pasted}
          onChange={(event) => {
            onChange();
            source.setPasted(event.target.value);
          }}
        />
      )}
    </>
  );
}
