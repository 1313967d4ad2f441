import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import '@fontsource-variable/source-sans-3/wght.css';
import '@fontsource-variable/source-sans-3/wght-italic.css';
import '@fontsource-variable/source-serif-4/opsz.css';
import '@fontsource-variable/source-serif-4/wght-italic.css';
import './globals.css';
import { getContext } from '#lib/server/current-context.ts';
import { readInstanceWarnings } from '#lib/server/instance/read-warnings.ts';
import { linkFeeds } from './feeds/feed-links.ts';
import { InstanceBanners, ScriptsBanner } from './ui/banner.tsx';
import css from './ui/site.module.css';
import { SiteFooter } from './ui/site-footer.tsx';
import { SiteHeader } from './ui/site-header.tsx';

/** Every page is made for its request: the content policy carries a nonce, and pages show what is in the database now. */
export const dynamic = 'force-dynamic';

/** Addresses in the head of a page are whole, so that whoever shows a link elsewhere finds what belongs to it. */
export async function generateMetadata(): Promise<Metadata> {
  const { publicUrl } = await getContext();
  return {
    metadataBase: new URL(publicUrl),
    title: { default: 'Round Robin', template: '%s · Round Robin' },
    description: 'People sign a statement together, or nobody is seen to have signed at all.',
    alternates: { types: linkFeeds(null) },
    icons: { icon: { url: '/icon.svg', type: 'image/svg+xml' } },
    formatDetection: { telephone: false, email: false, address: false },
  };
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f1e7' },
    { media: '(prefers-color-scheme: dark)', color: '#1a1715' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <SiteHeader />
        <ScriptsBanner />
        <InstanceBanners {...(await readInstanceWarnings())} />
        <main id="content" className={css.main} tabIndex={-1}>
          {children}
        </main>
        <SiteFooter operator={(await getContext()).operator} />
      </body>
    </html>
  );
}
