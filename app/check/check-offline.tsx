import { listVerifierFiles } from '#lib/server/artifacts/verifier-files.ts';
import { FactList } from '../ui/fact-list.tsx';
import { Section } from '../ui/page-parts.tsx';
import css from './check.module.css';

/** How to check without this site at all, and the standalone verifier, where it has been built. */
export async function CheckOffline() {
  const files = await listVerifierFiles();
  return (
    <Section title="Without this site">
      <p>
        This page is served by the same site that it checks. If you do not want to trust it, download the record and check it with a copy of
        the source, which asks no server:
      </p>
      <pre translate="no" className={css.command}>
        npm run verify-record -- record.ndjson
        {'\n'}npm run verify-membership -- round-robin-answers.json
      </pre>
      <p>
        The second is for answers to a question about membership. It makes the same checks, names every failure with its line, and ends with
        exit code 0 only if all of them pass. The format of the record and every check are written down in SPEC.md, so anybody can write a
        second verifier.
      </p>
      {files.length > 0 && (
        <>
          <p>
            The same check is also one page and one script, each a single file that needs no network and no installation. Keep your own
            copy, and compare its SHA-256 with what others publish: whoever builds it from the source (npm run build:verifier) gets the same
            bytes.
          </p>
          <FactList
            facts={files.map(({ name, sha256 }) => ({
              key: name,
              term: (
                <a href={`/verifier/${name}`} download>
                  {name}
                </a>
              ),
              value: <code translate="no">{sha256}</code>,
            }))}
          />
        </>
      )}
    </Section>
  );
}
