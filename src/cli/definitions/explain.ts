import { type Define, withExamples } from './define.ts';

export const defineExplain: Define = (program, io, done) => {
  withExamples(
    program
      .command('explain')
      .description('why AWS allows or denies a request: policies, principal and context in, the deciding statement out')
      .option('--principal <who>', 'ARN of who asks; with an account also the name of a user or role')
      .option('--action <action>', 'the action, as in s3:GetObject')
      .option('--resource <arn>', 'the resource')
      .option('--resource-account <id>', 'its account, where its ARN has none')
      .option('--identity-policy <file...>', 'policies of the user or role itself')
      .option('--resource-policy <file>', 'the policy of the resource')
      .option('--trust-policy <file>', 'the trust policy of the role to assume')
      .option('--boundary <file>', 'the permissions boundary')
      .option('--session-policy <file...>', 'policies given to AssumeRole or GetFederationToken')
      .option('--scp <files>', 'service control policies of one level, with commas; the root’s level first', collect)
      .option('--rcp <files>', 'resource control policies of one level, likewise', collect)
      .option(
        '--account-details <file>',
        'take policies from what aws iam get-account-authorization-details printed; - reads stdin',
      )
      .option('--profile <name>', 'take policies from the account of this profile, live')
      .option('--long-term', 'with --profile: read the account with the long-term key itself')
      .option('--context <key=value,…>', 'condition keys of the request; also as a JSON object', collect)
      .option('--mfa <how>', 'the MFA keys: absent (a long-term key), false, or seconds since the code')
      .option('--request <file>', 'policies and request as one JSON document, or a list of them; - reads stdin')
      .option('--json', 'print the answer as JSON')
      .action(async (options) => {
        const { explainCommand } = await import('../explain/explain.ts');
        done(await explainCommand(io, options));
      }),
    [
      [
        'stepup explain --profile admin --principal alice --action sts:AssumeRole \\\n      --resource arn:aws:iam::123456789012:role/ops --mfa 600',
        'would AWS let alice in, ten minutes after a code?',
      ],
      [
        'stepup explain --identity-policy user.json --principal arn:aws:iam::123456789012:user/alice \\\n      --action s3:GetObject --resource arn:aws:s3:::bucket/key --context aws:SourceIp=203.0.113.7',
        'from files, without an account',
      ],
      ['stepup explain --request question.json --json | jq .decision', 'for programs'],
    ],
  );
};

/** An option that may be given several times: its values so far, and one more. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
