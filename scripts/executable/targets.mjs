// Where an executable can run: which packages of the lock file hold its run-time and its native add-ons.
export const TARGETS = [
  target('linux-x64', 'bun-linux-x64', 'keyring-linux-x64-gnu'),
  target('linux-arm64', 'bun-linux-aarch64', 'keyring-linux-arm64-gnu'),
  target('darwin-x64', 'bun-darwin-x64', 'keyring-darwin-x64'),
  target('darwin-arm64', 'bun-darwin-aarch64', 'keyring-darwin-arm64'),
  target('win32-x64', 'bun-windows-x64', 'keyring-win32-x64-msvc'),
  target('win32-arm64', 'bun-windows-aarch64', 'keyring-win32-arm64-msvc'),
];

/** The one that this machine can run. */
export const HOST = TARGETS.find(({ name }) => name === `${process.platform}-${process.arch}`);

function target(name, bun, keyring) {
  const isWindows = name.startsWith('win32');
  return {
    name,
    file: `stepup-${name}${isWindows ? '.exe' : ''}`,
    /** What `bun build --target` calls it. */
    bunTarget: bun.replace('aarch64', 'arm64'),
    runtime: { package: `@oven/${bun}`, file: `bin/bun${isWindows ? '.exe' : ''}` },
    keyring: `@napi-rs/${keyring}`,
  };
}
