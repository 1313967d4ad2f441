import { fileURLToPath } from 'node:url';
import type { Browser, Locator } from 'playwright-core';

const decoder = fileURLToPath(new URL('../../node_modules/jsqr/dist/jsQR.js', import.meta.url));

/** What a camera would read from a code as it stands on a page, or on paper; null for nothing. The decoder knows nothing of what drew it. */
export async function readCode(code: Locator): Promise<string | null> {
  const picture = (await code.screenshot()).toString('base64');
  const page = await (code.page().context().browser() as Browser).newPage();
  try {
    await page.addScriptTag({ path: decoder });
    return await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      const { width, height } = image;
      const drawing = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
      drawing.drawImage(image, 0, 0);
      const { jsQR } = globalThis as unknown as { jsQR: (pixels: Uint8ClampedArray, w: number, h: number) => { data: string } | null };
      return jsQR(drawing.getImageData(0, 0, width, height).data, width, height)?.data ?? null;
    }, `data:image/png;base64,${picture}`);
  } finally {
    await page.close();
  }
}
