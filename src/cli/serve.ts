/** `stepup serve PROFILE…`: a container credentials endpoint for long-running clients. */
import { serveContainerCredentials } from '../delivery/container-endpoint.ts';
import { makeHandoverFolder, newToken } from '../delivery/handover.ts';
import { quotePosix } from '../process/quote.ts';
import { escapeText } from '../terminal/escape.ts';
import { brokerFor } from './broker-for.ts';
import { describeForClient } from './describe-for-client.ts';
import { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { readPort } from './port-option.ts';

export interface ServeOptions {
  readonly port?: string;
  readonly json?: boolean;
}

/** Serves until it is interrupted; the token files and their folder go with it. */
export async function serveCommand(io: Io, profiles: readonly string[], options: ServeOptions): Promise<number> {
  const names = [...new Set(profiles)];
  const broker = await brokerFor(io);
  // What can't work is said now, not to the first client.
  const granted = [];
  for (const profile of names) granted.push(await broker.credentialsFor({ profile, mayAsk: true }));

  const folder = makeHandoverFolder(io.env);
  io.atEnd(() => folder.remove());
  const served = granted.map(({ profile, roleArn }, index) => {
    const token = newToken();
    return { profile, roleArn, token, tokenFile: folder.write(`token-${index}`, token) };
  });
  const endpoint = await serveContainerCredentials({
    port: readPort(options.port),
    describe: describeForClient,
    profiles: served.map(({ profile, roleArn, token }) => ({
      name: profile,
      token,
      ...(roleArn !== undefined && { roleArn }),
      credentials: async ({ mayAsk }) => (await broker.credentialsFor({ profile, mayAsk })).credentials,
    })),
  });
  io.atEnd(() => endpoint.close());

  const rows = served.map(({ profile, tokenFile }) => ({ profile, url: endpoint.urlOf(profile), tokenFile }));
  if (options.json === true) io.stdout.write(`${JSON.stringify({ endpoint: endpoint.origin, profiles: rows })}\n`);
  else for (const row of rows) io.stdout.write(exportLines(row));
  io.stderr.write(`Serving on ${endpoint.origin}; Ctrl-C ends it.\n`);
  await ended(io.interrupted);
  return ExitCode.done;
}

function exportLines(row: { readonly profile: string; readonly url: string; readonly tokenFile: string }): string {
  return [
    `# ${escapeText(row.profile)}`,
    `export AWS_CONTAINER_CREDENTIALS_FULL_URI=${quotePosix(row.url)}`,
    `export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=${quotePosix(row.tokenFile)}`,
    '',
  ].join('\n');
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
