"""Calls an API as Google's library does, by a credential configuration, and prints what it says.

google_call.py CONFIGURATION URL

What the library refuses is printed by the name of its error, with the status 4.
"""

import sys

from google.auth import pluggable
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession

configuration, url = sys.argv[1:]
scopes = ["https://www.googleapis.com/auth/cloud-platform"]
credentials = pluggable.Credentials.from_file(configuration, scopes=scopes)
try:
    answer = AuthorizedSession(credentials).get(url, timeout=60)
except GoogleAuthError as error:
    print(f"{type(error).__name__}: {error}")
    sys.exit(4)
print(answer.status_code, answer.text)
