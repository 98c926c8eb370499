#!/usr/bin/env bash
# What people do without stepup: ask who one is and which device one has, get a session, write its three values.
# Six calls of the AWS CLI. AWS: its path; AWS_ENDPOINT_URL: given as an option, since old versions know no variable.
set -euo pipefail
profile=$1 code=$2
aws() { "$AWS" --profile "$profile" --endpoint-url "$AWS_ENDPOINT_URL" "$@" --output text; }
keep() { "$AWS" configure set --profile "$profile-mfa" "$1" "$2"; }

user=$(aws sts get-caller-identity --query Arn)
serial=$(aws iam list-mfa-devices --user-name "${user##*/}" --query 'MFADevices[0].SerialNumber')
session=$(aws sts get-session-token --serial-number "$serial" --token-code "$code" --duration-seconds 43200 \
  --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]')
read -r key secret token <<<"$session"
keep aws_access_key_id "$key"
keep aws_secret_access_key "$secret"
keep aws_session_token "$token"
