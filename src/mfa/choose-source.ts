/** Which code source fits the place, where nobody has named one. Pure: the facts come from the caller. */
import type { SourceName } from './sources.ts';

export interface CodePlace {
  readonly platform: NodeJS.Platform;
  /** A controlling terminal can be opened. */
  readonly terminal: boolean;
  /** A screen that programs of this process can draw on; `forwarded` is the screen of the person at the other end of ssh. */
  readonly display: 'own' | 'forwarded' | 'none';
  readonly isKde: boolean;
  /** By ssh: the machine's own screen is somewhere else than the person. */
  readonly isRemote: boolean;
  readonly isWsl: boolean;
  readonly isContainer: boolean;
  readonly has: (program: SourceName) => boolean;
}

export type SourceChoice =
  | { readonly source: SourceName; readonly because: PlaceReason }
  | { readonly source: undefined; readonly because: NobodyReason };

export type PlaceReason = 'terminal' | 'macos' | 'windows' | 'kde' | 'display';
export type NobodyReason = 'container' | 'ssh' | 'wsl' | 'no-display' | 'no-dialog-program';

const seesScreen = ({ display, isRemote }: CodePlace): boolean =>
  display === 'forwarded' || (display === 'own' && !isRemote);

/** The first that fits. */
const ROWS: readonly {
  readonly source: SourceName;
  readonly because: PlaceReason;
  readonly fits: (place: CodePlace) => boolean;
}[] = [
  { source: 'terminal', because: 'terminal', fits: ({ terminal }) => terminal },
  { source: 'osascript', because: 'macos', fits: ({ platform, isRemote }) => platform === 'darwin' && !isRemote },
  { source: 'kdialog', because: 'kde', fits: (place) => place.isKde && seesScreen(place) },
  { source: 'zenity', because: 'display', fits: seesScreen },
  { source: 'kdialog', because: 'display', fits: seesScreen },
  {
    source: 'powershell',
    because: 'windows',
    fits: ({ platform, isWsl, isRemote }) => (platform === 'win32' || isWsl) && !isRemote,
  },
];

/** Why there is none: the first that holds. */
const NOBODY: readonly { readonly because: NobodyReason; readonly holds: (place: CodePlace) => boolean }[] = [
  { because: 'no-dialog-program', holds: seesScreen },
  { because: 'container', holds: ({ isContainer }) => isContainer },
  { because: 'ssh', holds: ({ isRemote }) => isRemote },
  { because: 'wsl', holds: ({ isWsl }) => isWsl },
];

export function chooseSource(place: CodePlace): SourceChoice {
  const row = ROWS.find(({ source, fits }) => fits(place) && (source === 'terminal' || place.has(source)));
  if (row !== undefined) return { source: row.source, because: row.because };
  const because = NOBODY.find(({ holds }) => holds(place))?.because ?? 'no-display';
  return { source: undefined, because };
}
