"""Calls an API with a token from one source of Azure's SDK, and prints what became of it.

azure_call.py SOURCE SCOPE URL [TENANT]

The first line is the token's end, in seconds since 1970, the second the API's status and answer. A
challenge of the API is met once, as the SDK's own clients do. What the SDK refuses is printed by the
name of its error, with the status 4.
"""

import base64
import re
import sys

import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    AzureCliCredential,
    AzureDeveloperCliCredential,
    DefaultAzureCredential,
    ManagedIdentityCredential,
)

SOURCES = {
    "az": AzureCliCredential,
    "azd": AzureDeveloperCliCredential,
    "default": DefaultAzureCredential,
    "identity": ManagedIdentityCredential,
}

source, scope, url, *tenant = sys.argv[1:]
credential = SOURCES[source](**({"tenant_id": tenant[0]} if tenant else {}))


def call(**more):
    token = credential.get_token(scope, **more)
    headers = {"authorization": f"Bearer {token.token}"}
    return token, requests.get(url, headers=headers, timeout=60)


try:
    token, answer = call()
    wanted = re.search('claims="([^"]+)"', answer.headers.get("www-authenticate", ""))
    if answer.status_code == 401 and wanted:
        claims = wanted[1] + "=" * (-len(wanted[1]) % 4)
        token, answer = call(claims=base64.b64decode(claims).decode())
except ClientAuthenticationError as error:
    print(f"{type(error).__name__}: {error.message}")
    sys.exit(4)
print(token.expires_on)
print(answer.status_code, answer.text)
