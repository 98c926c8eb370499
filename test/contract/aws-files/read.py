"""Reads pairs of AWS files as botocore does and prints what it sees of each: one JSON text for all.

usage: read.py FOLDER COUNT, where FOLDER holds 0.config, 0.credentials, 1.config, ...
"""
import json
import sys

import botocore.configloader
import botocore.exceptions
import botocore.session

# One for all: to make one takes long, and the paths are all that differ.
session = botocore.session.Session()


def view(config, credentials):
    session._config = None
    session.set_config_variable("config_file", config)
    session.set_config_variable("credentials_file", credentials)
    try:
        return {
            "config": botocore.configloader.load_config(config)["profiles"],
            "credentials": botocore.configloader.raw_config_parse(credentials),
            "both": session.full_config["profiles"],
        }
    except botocore.exceptions.ConfigParseError as error:
        return {"error": str(error)}


folder, count = sys.argv[1], int(sys.argv[2])
print(json.dumps([view(f"{folder}/{n}.config", f"{folder}/{n}.credentials") for n in range(count)]))
