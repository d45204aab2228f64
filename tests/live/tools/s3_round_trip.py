"""Stores something in S3 with whatever credentials boto3 finds, reads it back and prints it."""

import boto3

s3 = boto3.client("s3")
region = s3.meta.region_name
s3.create_bucket(
    Bucket="keyfob-practice",
    CreateBucketConfiguration={"LocationConstraint": region},
)
s3.put_object(Bucket="keyfob-practice", Key="note", Body=b"kept")
print(s3.get_object(Bucket="keyfob-practice", Key="note")["Body"].read().decode())
