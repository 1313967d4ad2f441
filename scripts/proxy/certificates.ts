import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Files in PEM. */
export type TestCertificate = { authority: string; certificate: string; key: string };

/** A certificate for a name, by an authority that is made for it alone; both last a day. @param openssl version 3 or newer */
export function certify(openssl: string, name: string, folder: string): TestCertificate {
  const place = (file: string) => path.join(folder, file);
  const make = (file: string, subject: string, ...more: string[]) => {
    const keys = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', place(`${file}-key.pem`)];
    const args = ['req', '-x509', '-days', '1', '-subj', `/CN=${subject}`, ...keys, '-out', place(`${file}.pem`), ...more];
    execFileSync(openssl, args, { stdio: 'pipe' });
  };
  make('authority', 'Authority of a test');
  const issued = ['-CA', place('authority.pem'), '-CAkey', place('authority-key.pem')];
  make('certificate', name, ...issued, '-addext', `subjectAltName=DNS:${name}`, '-addext', 'basicConstraints=critical,CA:FALSE');
  return { authority: place('authority.pem'), certificate: place('certificate.pem'), key: place('certificate-key.pem') };
}
