'use client';

import './globals.css';
import { Button } from './ui/button.tsx';
import css from './ui/site.module.css';

/** Shown when not even the frame around the pages could be made. It stands alone, so it asks nothing of the server. */
export default function GlobalError({ retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Round Robin</title>
        <main className={css.main}>
          <h1>This site is not working right now</h1>
          <p>
            Nothing was lost: memberships stay in this browser, and whatever was signed stays on its board. Whoever runs the site has to
            look at it.
          </p>
          <p>
            <Button kind="secondary" onClick={retry}>
              Try again
            </Button>
          </p>
        </main>
      </body>
    </html>
  );
}
