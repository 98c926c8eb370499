import { callerArn } from '../../enforcement/principal.ts';
import { escapeXml } from '../server/xml.ts';
import type { SignIn } from './sign-ins.ts';

/** What a browser may do with the pages: show them, and nothing else. */
export const pageHeaders: readonly string[] = [
  ...['Content-Type', 'text/html; charset=utf-8'],
  ...['Content-Security-Policy', "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"],
  ...['X-Content-Type-Options', 'nosniff'],
  ...['Referrer-Policy', 'no-referrer'],
  ...['Cache-Control', 'no-store'],
];

/** In place of the console: who is signed in, and where AWS would go from here. Nothing in it can be followed. */
export function signedInPage({ caller, endsAtMs }: SignIn, destination: string, issuer: string | undefined): string {
  const rows = [
    ['Signed in as', callerArn(caller)],
    ['Account', caller.accountId],
    ...(caller.type === 'role-session' ? [['Role', caller.roleArn]] : []),
    ['Until', new Date(endsAtMs).toISOString()],
    ['Destination', destination],
    ...(issuer === undefined ? [] : [['Issuer', issuer]]),
  ];
  return page(
    'Signed in',
    `<dl>${rows.map(([name = '', value = '']) => `<dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd>`).join('')}</dl>`,
  );
}

export function refusalPage(message: string): string {
  return page('Not signed in', `<p>${escapeXml(message)}</p>`);
}

function page(title: string, content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title} - stepup sandbox</title></head><body><h1>${title}</h1>${content}<p>This is a stepup sandbox, not AWS.</p></body></html>\n`;
}
