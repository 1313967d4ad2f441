import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFace } from '#app/ring/faces.ts';
import type { RingPictureProps } from '#app/ring/ring-picture.tsx';
import { EMBED_POLICY, embedSnippet } from '#app/s/[id]/embed/embed-policy.ts';
import { writeEmbed, writeMissing } from '#app/s/[id]/embed/write-embed.ts';
import { launch } from '../../support/browser.ts';

const ID = 'ab'.repeat(32);
const TITLE = '</title><script>document.title = "run"</script> & \u202eletter';
const RING: RingPictureProps = { state: 'open', needed: 8, statement: ID, live: 5, title: TITLE };
const LINK = `https://platform.example/s/${ID}#${ID}`;

async function write(ring: Partial<RingPictureProps> = {}): Promise<string> {
  const faces = { upright: await loadFace('normal'), italic: await loadFace('italic') };
  return writeEmbed({ title: TITLE, language: 'en', standing: '5 of at least 8.', link: LINK }, { ...RING, ...ring }, faces);
}

describe('a statement in a frame', () => {
  it('is markup without script, whatever its title is, and names nobody in letters', async () => {
    for (const page of [await write(), await write({ state: 'revealed', names: [{ seat: '1', name: '<script>' }] }), writeMissing()]) {
      expect(page).not.toMatch(/<script|javascript:|\bon\w+=|<link|<img|<iframe|@import|url\(/i);
      expect(page).toMatch(/^<!doctype html><html lang="en">/);
    }
    expect(await write()).toContain('aria-label="5 of the 8 signatures needed are there, each one sealed.');
  });

  describe('in a page of another site', () => {
    let browser: Browser;
    let servers: Server[];
    const serve = async (answer: Parameters<typeof createServer>[1]) => {
      const server = createServer(answer).listen(0, '127.0.0.1');
      await once(server, 'listening');
      return { server, port: (server.address() as AddressInfo).port };
    };
    const asked: string[] = [];
    let page: string;

    beforeAll(async () => {
      const html = await write();
      const platform = await serve((request, response) => {
        asked.push(`${request.url} ${request.headers.referer ?? ''}`);
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': EMBED_POLICY }).end(html);
      });
      const site = await serve((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html' }).end(embedSnippet(`http://127.0.0.1:${platform.port}`, ID));
      });
      servers = [platform.server, site.server];
      page = `http://localhost:${site.port}/secret-diary`;
      browser = await launch();
    });
    afterAll(async () => {
      await browser?.close();
      for (const server of servers ?? []) server.close();
    });

    it('is shown with ring, title and standing, asks for nothing more, and is not told where it stands', async () => {
      const view = await browser.newPage();
      const complaints: string[] = [];
      view.on('console', (message) => complaints.push(message.text()));
      await view.goto(page);
      const frame = view.frameLocator('iframe');
      await frame.getByRole('img', { name: /^5 of the 8 signatures/ }).waitFor();
      const title = frame.getByRole('link', { name: '</title><script>document.title = "run"</script>' });
      expect(await title.getAttribute('href')).toBe(LINK);
      const body = frame.locator('body');
      expect(await body.innerText()).toContain('5 of at least 8.');
      expect(await body.evaluate((element) => getComputedStyle(element).textAlign)).toBe('center'); // its one style is let through
      expect(complaints).toEqual([]);
      expect(asked).toEqual([`/s/${ID}/embed `]);
    });
  });
});
