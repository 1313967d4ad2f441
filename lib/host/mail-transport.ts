import { createTransport, type Transporter } from 'nodemailer';

const PATIENCE_MS = 20_000;
const NEAR = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a text is the address of a mail server, smtp:// or smtps://. */
export function isMailServer(text: string): boolean {
  return URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '';
}

/**
 * Opens the way to a mail server. Beyond this machine only encrypted: a link or a code in the clear lets in whoever reads it on its
 * way. Mails say that a program wrote them, so that nobody's answering machine replies. @param url smtp:// or smtps://
 */
export function openTransport({ url, from }: { url: string; from: string }): Transporter {
  const limits = { connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS };
  return createTransport(
    { url, requireTLS: !NEAR.test(new URL(url).hostname), disableFileAccess: true, disableUrlAccess: true, ...limits },
    { from, headers: { 'Auto-Submitted': 'auto-generated' } },
  );
}
