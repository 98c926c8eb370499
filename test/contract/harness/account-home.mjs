// For `node --import`: the system's user database names $HOME as this account's home. Without it, files in a home of a
// test's own would be a stranger's to stepup, and its approvals would go to the home of who runs the tests.
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

const { userInfo } = os;
os.userInfo = (options) => ({ ...userInfo(options), homedir: process.env.HOME });
syncBuiltinESMExports();
