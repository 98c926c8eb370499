"""Says by which provider botocore takes the credentials of each profile, without running or calling anything.

usage: resolve.py FOLDER COUNT PROFILE..., where FOLDER holds 0.config, 0.credentials, 1.config, ...
"""
import json
import sys

import botocore.credentials
import botocore.exceptions
import botocore.session


def stub(name, method):
    """Where the profile has the provider's key: credentials without asking anybody."""
    provider = getattr(botocore.credentials, name, None)
    if provider is None:
        return
    original = provider.load

    def load(self):
        profile = self._load_config().get("profiles", {}).get(self._profile_name, {})
        if method in profile:
            return botocore.credentials.Credentials("A", "S", method=provider.METHOD)
        return original(self)

    provider.load = load


stub("ProcessProvider", "credential_process")
stub("LoginProvider", "login_session")


def outcome(config, credentials, profile):
    session = botocore.session.Session(profile=profile)
    session.set_config_variable("config_file", config)
    session.set_config_variable("credentials_file", credentials)
    try:
        found = session.get_credentials()
    except botocore.exceptions.BotoCoreError as error:
        return {"error": type(error).__name__}
    if found is None:
        return {"type": "none"}
    static = found.method in ("shared-credentials-file", "config-file")
    return {"type": found.method, **({"key": found.access_key, "token": found.token} if static else {})}


folder, count, profiles = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
print(
    json.dumps(
        [
            {profile: outcome(f"{folder}/{n}.config", f"{folder}/{n}.credentials", profile) for profile in profiles}
            for n in range(count)
        ]
    )
)
