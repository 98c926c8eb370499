/**
 * Condition keys that never have more than one value in a request (AWS global condition context keys, Value type
 * "Single-valued"). Other keys may have several where a condition reads them with a set operator.
 */
const SINGLE_VALUED = new Set([
  'aws:assumedroot',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:currenttime',
  'aws:ec2instancesourceprivateipv4',
  'aws:ec2instancesourcevpc',
  'aws:epochtime',
  'aws:federatedprovider',
  'aws:multifactorauthage',
  'aws:multifactorauthpresent',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principalorgid',
  'aws:principalservicename',
  'aws:principaltype',
  'aws:referer',
  'aws:requestedregion',
  'aws:resourceaccount',
  'aws:resourceorgid',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceidentity',
  'aws:sourceip',
  'aws:sourceorgid',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:tokenissuetime',
  'aws:useragent',
  'aws:userid',
  'aws:username',
  'aws:viaawsservice',
  'aws:vpcsourceip',
]);

/** Keys that are completed by the key of a tag. */
const SINGLE_VALUED_PREFIXES = ['aws:principaltag/', 'aws:requesttag/', 'aws:resourcetag/'];

export function isSingleValued(keyInLowerCase: string): boolean {
  return (
    SINGLE_VALUED.has(keyInLowerCase) || SINGLE_VALUED_PREFIXES.some((prefix) => keyInLowerCase.startsWith(prefix))
  );
}
