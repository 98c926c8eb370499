/** A call as data, sent through an SDK client. */
import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  type IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  TagRoleCommand,
  TagUserCommand,
  UntagRoleCommand,
  UntagUserCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import type { IamAction, IamCall, IamInputs } from './iam-call.ts';

type Client = Pick<IAMClient, 'send'>;

const SENDERS: { readonly [A in IamAction]: (client: Client, input: IamInputs[A]) => Promise<unknown> } = {
  CreateUser: (client, input) => client.send(new CreateUserCommand(input)),
  PutUserPolicy: (client, input) => client.send(new PutUserPolicyCommand(input)),
  DeleteUserPolicy: (client, input) => client.send(new DeleteUserPolicyCommand(input)),
  AttachUserPolicy: (client, input) => client.send(new AttachUserPolicyCommand(input)),
  AddUserToGroup: (client, input) => client.send(new AddUserToGroupCommand(input)),
  DetachUserPolicy: (client, input) => client.send(new DetachUserPolicyCommand(input)),
  RemoveUserFromGroup: (client, input) => client.send(new RemoveUserFromGroupCommand(input)),
  TagUser: (client, input) => client.send(new TagUserCommand(input)),
  UntagUser: (client, input) => client.send(new UntagUserCommand(input)),
  CreateRole: (client, input) => client.send(new CreateRoleCommand(input)),
  UpdateAssumeRolePolicy: (client, input) => client.send(new UpdateAssumeRolePolicyCommand(input)),
  UpdateRole: (client, input) => client.send(new UpdateRoleCommand(input)),
  PutRolePermissionsBoundary: (client, input) => client.send(new PutRolePermissionsBoundaryCommand(input)),
  DeleteRolePermissionsBoundary: (client, input) => client.send(new DeleteRolePermissionsBoundaryCommand(input)),
  PutRolePolicy: (client, input) => client.send(new PutRolePolicyCommand(input)),
  DeleteRolePolicy: (client, input) => client.send(new DeleteRolePolicyCommand(input)),
  AttachRolePolicy: (client, input) => client.send(new AttachRolePolicyCommand(input)),
  DetachRolePolicy: (client, input) => client.send(new DetachRolePolicyCommand(input)),
  TagRole: (client, input) => client.send(new TagRoleCommand(input)),
  UntagRole: (client, input) => client.send(new UntagRoleCommand(input)),
  DeleteAccessKey: (client, input) => client.send(new DeleteAccessKeyCommand(input)),
  DeactivateMFADevice: (client, input) => client.send(new DeactivateMFADeviceCommand(input)),
  DeleteVirtualMFADevice: (client, input) => client.send(new DeleteVirtualMFADeviceCommand(input)),
  DeleteUser: (client, input) => client.send(new DeleteUserCommand(input)),
  DeleteRole: (client, input) => client.send(new DeleteRoleCommand(input)),
};

/** Sends it once. What the client throws passes through. */
export function sendIamCall(client: Client, { action, input }: IamCall): Promise<unknown> {
  // Each action has its own input: the pair comes from one call.
  const send = SENDERS[action] as (client: Client, input: IamInputs[IamAction]) => Promise<unknown>;
  return send(client, input);
}
