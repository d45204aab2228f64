"""Stores something in S3 every second, in one process, until three credentials have come and gone.

Prints how many keys it was given; fails when one of them did not work.
"""

import time

import boto3

session = boto3.session.Session()
s3 = session.client("s3")
s3.create_bucket(
    Bucket="keyfob-lifetimes",
    CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name},
)
keys = set()
until = time.monotonic() + 40
while len(keys) < 4 and time.monotonic() < until:
    s3.put_object(Bucket="keyfob-lifetimes", Key="note", Body=b"kept")
    keys.add(session.get_credentials().get_frozen_credentials().access_key)
    time.sleep(1)
print(len(keys))
