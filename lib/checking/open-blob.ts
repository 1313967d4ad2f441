import { chunksOf } from './split-lines.ts';

/** The bytes of a file that a person chose in a page. @throws Error with a sentence when the browser cannot read it */
export async function* openBlob(file: Blob): AsyncGenerator<Uint8Array> {
  try {
    yield* chunksOf(file.stream());
  } catch (error) {
    // A folder that was dropped onto the page, and a file that was moved or saved again since, fail alike: NotFoundError, NotReadableError.
    if (error instanceof DOMException)
      throw new Error(
        'The browser cannot read this. It is a folder, or a file that was moved or changed since it was chosen: choose it again.',
      );
    throw error;
  }
}
