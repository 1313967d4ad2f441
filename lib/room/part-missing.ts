/** Where a part of the program that a page loads only when it needs it does not come: a renewed site has those of older pages no more. */
export const PART_MISSING =
  'A part of this page could not be loaded. Load the page again: the site may have been renewed since the page was opened.';
