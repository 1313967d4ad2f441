import type { BrowserContext } from 'playwright-core';

/**
 * Treats every page of a browser as programs do that translate pages: once React has taken all of the page over, each text that may be
 * translated is put into elements of the program's own, also what comes later, and the page's class says so. The words stay, so
 * that a test finds its way.
 */
export async function translatePages(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const leaveAlone = '[translate="no"], font, script, style, title, textarea, option, svg';

    function findTexts(root: Node): Text[] {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) texts.push(node as Text);
      if (root instanceof Text) texts.push(root);
      return texts.filter((text) => text.data.trim() && text.parentElement && !text.parentElement.closest(leaveAlone));
    }

    function translate(root: Node): void {
      for (const text of findTexts(root)) {
        const outer = document.createElement('font');
        const inner = outer.appendChild(document.createElement('font'));
        inner.textContent = text.data;
        text.replaceWith(outer);
      }
    }

    function begin(): void {
      // React takes a page over piece by piece: what is streamed behind a boundary comes after what stands around it.
      // Head and foot of the page are pieces of their own.
      const texts = findTexts(document.body).map(({ parentElement }) => parentElement as Element);
      const elements = [...document.querySelectorAll('main, main *'), ...texts];
      const isTaken = (element: Element) => Object.keys(element).some((key) => key.startsWith('__reactFiber$'));
      if (elements.length === 0 || !elements.every(isTaken)) return void setTimeout(begin, 100);
      document.documentElement.classList.add('translated-ltr');
      translate(document.body);
      new MutationObserver((changes) => {
        for (const { addedNodes, target } of changes) for (const node of addedNodes.length > 0 ? addedNodes : [target]) translate(node);
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    }
    addEventListener('load', begin);
  });
}
