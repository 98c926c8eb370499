// Preloaded into the program under test: the home of the test is the home of the account, as it is for a person.
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

const { userInfo } = os;
os.userInfo = (options) => ({ ...userInfo(options), homedir: process.env.HOME });
syncBuiltinESMExports();
