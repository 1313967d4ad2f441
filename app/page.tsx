import Link from 'next/link';
import type { StatementSummary } from '#lib/api/shapes.ts';
import { getContext } from '#lib/server/current-context.ts';
import { listStatements } from '#lib/server/statements/list.ts';
import css from './statements/statement-list.module.css';
import { ListedStatements } from './statements/statement-list.tsx';
import { ButtonLink } from './ui/button.tsx';
import { Hero } from './ui/hero.tsx';
import { Section } from './ui/page-parts.tsx';

const MOST = 6;

/** What this is, and what stands here now. */
export default async function Home() {
  const { statements } = await listStatements(await getContext());
  const open = pick(statements, ['keying', 'open', 'closed']);
  const revealed = pick(statements, ['revealed']);
  return (
    <>
      <Hero action={<ButtonLink href="/new">Write a statement</ButtonLink>} />
      {open.length > 0 && (
        <Section title="Open for signatures">
          <ListedStatements statements={open} />
        </Section>
      )}
      {revealed.length > 0 && (
        <Section title="Signed together">
          <ListedStatements statements={revealed} />
        </Section>
      )}
      {open.length + revealed.length < statements.length && (
        <p className={css.more}>
          <Link href="/statements">All statements</Link>
        </p>
      )}
      {statements.length === 0 && (
        <Section title="There is nothing here yet">
          <p>
            An <Link href="/issuer">issuer</Link> makes a group and invites people it knows. Then anybody can write a statement for members
            of that group. <Link href="/about">How it works</Link>
          </p>
        </Section>
      )}
    </>
  );
}

function pick(statements: readonly StatementSummary[], states: readonly StatementSummary['state'][]): StatementSummary[] {
  return statements.filter((statement) => states.includes(statement.state)).slice(0, MOST);
}
