// Takes from a mail's file only what its signatures cover: the rest, and the whole text, never leaves the device.
const zone = document.querySelector('[data-drop-mail]');
const input = document.querySelector('#mail');
const header = document.querySelector('#header');
const state = document.querySelector('[data-drop-state]');
const LONGEST = 262_144;

if (zone && input && header && state) {
  zone.hidden = false;
  input.addEventListener('change', () => void take(input.files?.[0]));
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    void take(event.dataTransfer?.files?.[0]);
  });
}

async function take(file) {
  if (!file) return;
  const bytes = new Uint8Array(await file.slice(0, LONGEST).arrayBuffer());
  // Bytes beyond ASCII are kept as UTF-8 reads them; signed fields of ordinary mails are ASCII.
  const [block = ''] = new TextDecoder()
    .decode(bytes)
    .replace(/^\s+/, '')
    .split(/\r?\n\r?\n/);
  header.value = coveredFields(block);
  state.textContent = header.value ? 'The header was read. Look at it below, then check it.' : 'This file holds no header of a mail.';
}

/** Fields that a DKIM-Signature names, the signatures, and From, Subject and Date however often they stand there. */
function coveredFields(block) {
  const fields = block.split(/\r?\n(?![ \t])/).filter((line) => /^[!-9;-~]+[ \t]*:/.test(line));
  const nameOf = (line) => line.slice(0, line.indexOf(':')).trim().toLowerCase();
  const wanted = new Set(['from', 'subject', 'date', 'dkim-signature']);
  for (const line of fields) {
    if (nameOf(line) !== 'dkim-signature') continue;
    const names = /(?:^|[:;\s])h=([^;]*)/i.exec(line.replace(/\r?\n/g, ''))?.[1] ?? '';
    for (const name of names.split(':')) wanted.add(name.trim().toLowerCase());
  }
  return fields.filter((line) => wanted.has(nameOf(line))).join('\r\n');
}
