import { expect, it } from 'vitest';
import { isOnlyMember } from './private-group.ts';

const PASSWD = 'root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/sh\nbob:x:1001:100::/home/bob:\n';
const GROUP = 'root:x:0:\nusers:x:100:\nalice:x:1000:\nstaff:x:50:alice\n';

it.each([
  ['its own', PASSWD, GROUP, 1000, 1000, true],
  ['its own, with itself in it', PASSWD, GROUP.replace('alice:x:1000:', 'alice:x:1000:alice'), 1000, 1000, true],
  ['its own, with another in it', PASSWD, GROUP.replace('alice:x:1000:', 'alice:x:1000:bob'), 1000, 1000, false],
  ['its own, which another has as well', PASSWD.replace('1001:100', '1001:1000'), GROUP, 1000, 1000, false],
  ['its own, on a second line with another in it', PASSWD, `${GROUP}dup:x:1000:bob\n`, 1000, 1000, false],
  ['everybody’s', PASSWD, GROUP, 100, 1001, true],
  ['one that it is in besides', PASSWD, GROUP, 50, 1000, false],
  ['one that isn’t in the file', PASSWD, GROUP.replace('alice:x:1000:\n', ''), 1000, 1000, false],
  ['one of a user that isn’t in the file', PASSWD, GROUP, 1000, 1002, false],
])('tells whether a user is alone in a group: %s', (_, passwd, group, gid, uid, alone) => {
  expect(isOnlyMember(passwd, group, gid, uid)).toBe(alone);
});
