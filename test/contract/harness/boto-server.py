"""Answers calls of boto3, one JSON object a line: {service, operation, input, credentials} in, {output} or {refusal} out.

Blobs are {"$blob": base64} both ways; times go out as ISO 8601. Clients are kept, one for each service and credentials.
"""
import base64
import datetime
import json
import sys

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, region = sys.argv[1:3]
config = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}, connect_timeout=5, read_timeout=30)
clients = {}


def client_for(service, credentials):
    key = (service, credentials["accessKeyId"], credentials["secretAccessKey"], credentials.get("sessionToken"))
    if key not in clients:
        clients[key] = boto3.client(
            service,
            endpoint_url=endpoint,
            region_name=region,
            config=config,
            aws_access_key_id=credentials["accessKeyId"],
            aws_secret_access_key=credentials["secretAccessKey"],
            aws_session_token=credentials.get("sessionToken"),
        )
    return clients[key]


def revive(pairs):
    value = dict(pairs)
    return base64.b64decode(value["$blob"]) if list(value) == ["$blob"] else value


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return {"$blob": base64.b64encode(value).decode()}
    if hasattr(value, "read"):
        return plain(value.read())
    raise TypeError(type(value))


for line in sys.stdin:
    call = json.loads(line, object_pairs_hook=revive)
    try:
        client = client_for(call["service"], call["credentials"])
        method = getattr(client, xform_name(call["operation"]), None)
        if method is None:
            print(json.dumps({"unknown": True}), flush=True)
            continue
        output = method(**call["input"])
        output.pop("ResponseMetadata", None)
        answer = {"output": output}
    except ClientError as error:
        answer = {
            "refusal": {
                "code": error.response["Error"]["Code"],
                "message": error.response["Error"].get("Message", ""),
                "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
            }
        }
    except Exception as error:
        answer = {"failure": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer, default=plain), flush=True)
