/** Sessions that lie in the credentials file: each opens what it opens, for whoever reads it, until it ends. */
import { statusOf } from '../../sessions/status.ts';
import { formatDuration } from '../../terminal/time.ts';
import { ownFolders } from '../own-folders.ts';
import { wordError } from '../wording/wording.ts';
import { type Check, type Finding, fail, ok, warn } from './finding.ts';

export const sessions: Check = {
  name: 'sessions',
  find: ({ io, files, concerns }) => {
    const nowMs = io.now();
    const status = statusOf(files, { env: io.env, nowMs, gates: ownFolders(io).gates });
    const own = status.bases.flatMap(({ profile, session }): readonly Finding[] => {
      if (session === undefined || !concerns(profile)) return [];
      if (session.fault === 'ended')
        return [ok(`${session.profile} has ended; stepup login ${profile} makes a new one`)];
      if (session.fault !== undefined) {
        return [
          warn(`${session.profile} is of another key or endpoint, and serves nobody`, `stepup logout ${profile}`),
        ];
      }
      if (!status.roles.some(({ base }) => base === profile)) {
        return [warn(`${session.profile} is there, and no role profile uses it`, `stepup logout ${profile}`)];
      }
      return [ok(`${session.profile} ends in ${formatDuration(((session.expiresAtMs ?? nowMs) - nowMs) / 1000)}`)];
    });
    const foreign = status.foreign.flatMap(({ profile, expiresAtMs }): readonly Finding[] => {
      if (!concerns(profile)) return [];
      const ended = expiresAtMs !== undefined && expiresAtMs <= nowMs;
      const what = `${profile} holds temporary credentials of a script, aws configure mfa-login or another tool`;
      return [
        warn(
          `${what}${ended ? ', which have ended' : ''}`,
          `remove [${profile}] from ${files.paths.credentials}, if nothing uses it`,
        ),
      ];
    });
    const broken = status.broken.flatMap(({ profile, error }) =>
      concerns(profile) ? [fail(wordError(error).what, wordError(error).next)] : [],
    );
    return [...own, ...foreign, ...broken];
  },
};
