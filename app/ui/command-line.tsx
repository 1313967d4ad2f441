import Link from 'next/link';
import { formatStatementLink } from '#lib/signing/statement-link.ts';
import { CopyField } from './copy-button.tsx';
import { Stack } from './page-parts.tsx';

/** Where somebody wants to sign: on the page of a membership, an invitation or a signature. */
const WHERE = /^\/(wallet|join|s\/[0-9a-f]{64}\/(sign|withdraw))$/;

/** The command that signs, or takes back, without this page; with the statement's link where the page is one of a statement. */
export function CommandLine() {
  if (!WHERE.test(location.pathname)) return null;
  const [, id, action] = /^\/s\/([0-9a-f]{64})\/(sign|withdraw)$/.exec(location.pathname) ?? [];
  const statement = id ? formatStatementLink({ origin: location.origin, id }) : 'LINK';
  const withdraw = action === 'withdraw' ? ' --withdraw' : '';
  return (
    <Stack>
      <p>
        Or sign without a browser. The program from the{' '}
        <Link prefetch={false} href="/about#source">
          source
        </Link>{' '}
        runs in a terminal and asks for the 24 words of your memberships. It takes the link of your group’s page, and your name exactly as
        it is attested:
      </p>
      <CopyField label="In a terminal" value={`npm run sign -- --group LINK --name NAME --statement ${statement}${withdraw}`} />
    </Stack>
  );
}
