import type { Credentials } from '../aws/credentials.ts';
import { formatInstant } from '../aws/credentials.ts';
import { quoteFish, quotePosix, quotePowershell } from '../process/quote.ts';
import { type ChildProfile, type Environment, shadowingVariables } from './environment.ts';
import { goneFrom, PLACED, placedVariables } from './placed.ts';
import { printableVariables } from './printable-variables.ts';

/** Shells that `stepup init` knows. */
export const initShells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type InitShell = (typeof initShells)[number];

interface Dialect {
  readonly set: (name: string, value: string) => string;
  readonly unset: (name: string) => string;
  /** The function `sup`, and the hook that renews before the end. */
  readonly init: string;
}

/** What `sup` sets beside the credentials, and `sup --leave` takes away with them. */
const ownVariables = ['STEPUP_PROFILE', 'STEPUP_RENEW_AT', PLACED, 'AWS_VAULT'] as const;
const credentialNames = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_SESSION_EXPIRATION',
] as const;

/** Before each prompt, from this long before the end on, the shell asks for new credentials; nobody is prompted then. */
const renewalLeadMs = 5 * 60_000;

/**
 * Code that puts a profile's credentials into the shell that evaluates it, and takes away what would win over them, and
 * what is left of the profile before. The values come quoted; the code runs nothing.
 * @param env without what was placed in it; it says what that was
 * @throws StepupError `unquotable-value`
 */
export function enterCode(shell: InitShell, profile: ChildProfile, credentials: Credentials, env: Environment): string {
  const { set, unset } = dialects[shell];
  const expiresAtMs = credentials.expiresAtMs;
  const lines = [
    ...[...shadowingVariables, ...goneFrom(env)].map(unset),
    ...printableVariables(credentials, shell).map(([name, value]) => set(name, value)),
    ...(expiresAtMs === undefined
      ? [unset('STEPUP_RENEW_AT')]
      : [
          set('AWS_SESSION_EXPIRATION', formatInstant(expiresAtMs)),
          set('STEPUP_RENEW_AT', String(Math.floor((expiresAtMs - renewalLeadMs) / 1000))),
        ]),
    ...placedVariables(profile, env).map(([name, value]) => set(name, value)),
    set('AWS_VAULT', profile.name),
    set('STEPUP_PROFILE', profile.name),
  ];
  return `${lines.join('\n')}\n`;
}

/** Code that takes all of it away again. */
export function leaveCode(shell: InitShell, env: Environment): string {
  return `${[...credentialNames, ...ownVariables, ...goneFrom(env)].map(dialects[shell].unset).join('\n')}\n`;
}

/** Code for the shell's start-up file: `eval "$(stepup init bash)"`. */
export function initCode(shell: InitShell): string {
  return dialects[shell].init;
}

const posix = {
  set: (name: string, value: string) => `export ${name}=${quotePosix(value)}`,
  unset: (name: string) => `unset ${name}`,
};

/** bash and zsh differ only in how code runs before a prompt, and in the clock. */
function posixInit(shell: 'bash' | 'zsh', now: string, hook: string): string {
  return `# stepup: 'sup PROFILE' puts a profile's credentials into this shell, 'sup --leave' takes them away.
sup() {
  local code
  if [ "$#" -ne 1 ] || [ "$1" = --help ]; then
    printf '%s\\n' 'usage: sup PROFILE | sup --leave' >&2
    return 2
  fi
  if [ "$1" = --leave ]; then
    code="$(command stepup init ${shell} --leave)" || return
  else
    code="$(command stepup init ${shell} --enter "$1")" || return
  fi
  eval "$code"
}
__stepup_renew() {
  local code status=$?
  if [ -n "\${STEPUP_RENEW_AT-}" ] && [ "${now}" -ge "$STEPUP_RENEW_AT" ]; then
    if code="$(command stepup init ${shell} --enter "$STEPUP_PROFILE" --no-prompt </dev/null)"; then
      eval "$code"
    else
      unset STEPUP_RENEW_AT
    fi
  fi
  return $status
}
${hook}
`;
}

const dialects: Readonly<Record<InitShell, Dialect>> = {
  bash: {
    ...posix,
    init: posixInit(
      'bash',
      '${EPOCHSECONDS:-$(date +%s)}',
      `case ";\${PROMPT_COMMAND-};" in
  *';__stepup_renew;'*) ;;
  *) PROMPT_COMMAND="__stepup_renew;\${PROMPT_COMMAND-}" ;;
esac`,
    ),
  },
  zsh: {
    ...posix,
    init: posixInit('zsh', '$(date +%s)', 'autoload -Uz add-zsh-hook && add-zsh-hook precmd __stepup_renew').replaceAll(
      // `status` is read-only in zsh.
      'status',
      'last',
    ),
  },
  fish: {
    set: (name, value) => `set -gx ${name} ${quoteFish(value)}`,
    unset: (name) => `set -e ${name}`,
    init: `# stepup: 'sup PROFILE' puts a profile's credentials into this shell, 'sup --leave' takes them away.
function sup --description 'put the credentials of a profile into this shell'
  if test (count $argv) -ne 1; or test "$argv[1]" = --help
    echo 'usage: sup PROFILE | sup --leave' >&2
    return 2
  end
  set -l code
  if test "$argv[1]" = --leave
    set code (command stepup init fish --leave); or return
  else
    set code (command stepup init fish --enter "$argv[1]"); or return
  end
  string join \\n -- $code | source
end
function __stepup_renew --on-event fish_prompt
  if set -q STEPUP_RENEW_AT; and test (date +%s) -ge "$STEPUP_RENEW_AT"
    set -l code (command stepup init fish --enter "$STEPUP_PROFILE" --no-prompt </dev/null)
    if test $status -eq 0
      string join \\n -- $code | source
    else
      set -e STEPUP_RENEW_AT
    end
  end
end
`,
  },
  powershell: {
    set: (name, value) => `$Env:${name} = ${quotePowershell(value)}`,
    unset: (name) => `Remove-Item -ErrorAction SilentlyContinue Env:${name}`,
    init: `# stepup: 'sup PROFILE' puts a profile's credentials into this shell, 'sup -Leave' takes them away.
function global:sup {
  param([Parameter(Position = 0)][string]$Profile, [switch]$Leave)
  $code = if ($Leave) { stepup init powershell --leave } else { stepup init powershell --enter $Profile }
  if ($LASTEXITCODE -eq 0) { Invoke-Expression ($code -join "\`n") }
}
if (-not (Test-Path Function:\\__stepup_prompt)) {
  Copy-Item Function:\\prompt Function:\\global:__stepup_prompt
  function global:prompt {
    if ($Env:STEPUP_RENEW_AT -and [DateTimeOffset]::UtcNow.ToUnixTimeSeconds() -ge [long]$Env:STEPUP_RENEW_AT) {
      $code = stepup init powershell --enter $Env:STEPUP_PROFILE --no-prompt
      if ($LASTEXITCODE -eq 0) { Invoke-Expression ($code -join "\`n") } else { $Env:STEPUP_RENEW_AT = $null }
    }
    __stepup_prompt
  }
}
`,
  },
};
