/**
 * What nothing here can create: passwords, instance profiles, SSH keys, certificates, service-specific credentials.
 * Whoever deletes a user or a role completely (Terraform, say) asks for them first, and gets AWS's answer to "none".
 */
import type { Call } from '../operation.ts';
import type { InputOf } from './parameters.ts';
import { noSuchEntity } from './refusals.ts';
import { demandRole, demandSubject } from './subjects.ts';

function noLoginProfile(call: Call, input: InputOf<'GetLoginProfile'>): never {
  const subject = demandSubject(call, input.UserName);
  throw noSuchEntity(
    `Login Profile for User ${subject.type === 'user' ? subject.user.userName : 'root'} cannot be found.`,
  );
}

function noneOfUser(element: string) {
  return (call: Call, input: { readonly UserName: string | undefined }) => {
    demandSubject(call, input.UserName);
    return { [element]: [], IsTruncated: false };
  };
}

function noInstanceProfiles(call: Call, input: InputOf<'ListInstanceProfilesForRole'>) {
  demandRole(call, input.RoleName);
  return { InstanceProfiles: [], IsTruncated: false };
}

export const absentHandlers = {
  GetLoginProfile: noLoginProfile,
  DeleteLoginProfile: noLoginProfile,
  ListInstanceProfilesForRole: noInstanceProfiles,
  ListServiceSpecificCredentials: noneOfUser('ServiceSpecificCredentials'),
  ListSigningCertificates: noneOfUser('Certificates'),
  ListSSHPublicKeys: noneOfUser('SSHPublicKeys'),
};
