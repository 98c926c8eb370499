/** What is there is what the file says: the plan is empty. */
import type { EntityPlan } from '../plan/change.ts';
import type { Plan } from '../plan/plan.ts';
import type { Failure, Finding } from './claims.ts';

/** Each user and role is a case; what the plan would change fails, and so does what it wouldn't and isn't in the file. */
export function proveStated({ accounts }: Plan): Finding {
  const entities = accounts.flatMap(({ users, roles }): readonly EntityPlan[] => [...users, ...roles]);
  const leftovers = accounts.flatMap((account) => account.leftovers);
  return {
    method: 'proved',
    claim: 'as stated',
    cases: entities.length + leftovers.length,
    failures: [
      ...entities.flatMap(differencesOf),
      ...leftovers.map(({ arn }) => ({ what: arn, because: 'is there, and no longer in the file' })),
    ],
  };
}

function differencesOf({ arn, state, changes, extras }: EntityPlan): readonly Failure[] {
  if (state === 'new') return [{ what: arn, because: 'is not there' }];
  return [
    ...changes.map((change) => ({ what: arn, because: `${partOf(change)} is not as stated` })),
    ...extras.map((extra) => ({ what: arn, because: becauseOf(extra) })),
  ];
}

function becauseOf(extra: EntityPlan['extras'][number]): string {
  if (extra.type === 'reset-begun') return 'a reset of its device was begun and not finished';
  if (extra.type === 'entering-roles') return `sessions of ${extra.names.join(', ')} get in`;
  return `${extra.type} ${'arn' in extra ? extra.arn : extra.name} is not stated`;
}

function partOf(change: EntityPlan['changes'][number]): string {
  switch (change.type) {
    case 'trust':
      return 'the gate';
    case 'inline':
      return `inline policy ${change.name}`;
    case 'attach':
    case 'detach':
      return `the attachment of ${change.arn}`;
    case 'boundary':
      return 'the boundary';
    case 'settings':
      return 'the session duration or description';
    case 'leave-group':
      return `membership of ${change.group}`;
    case 'tags':
      return 'a tag';
    case 'open-bootstrap':
    case 'close-bootstrap':
      return 'the bootstrap window';
    case 'forget-ended-sessions':
      return 'the end of its sessions';
    case 'access-key':
      return 'the access key';
    case 'create':
      return 'the entity';
  }
}
