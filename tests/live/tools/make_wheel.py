"""Writes a wheel with one module and nothing else: `make_wheel.py FILE`."""

import sys
import zipfile

NAME = "keyfob_practice-1.0.0"
FILES = {
    "keyfob_practice.py": "ANSWER = 42\n",
    f"{NAME}.dist-info/METADATA": (
        "Metadata-Version: 2.1\nName: keyfob-practice\nVersion: 1.0.0\n"
    ),
    f"{NAME}.dist-info/WHEEL": (
        "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    ),
}


def main() -> None:
    record = f"{NAME}.dist-info/RECORD"
    with zipfile.ZipFile(sys.argv[1], "w") as wheel:
        for name, text in FILES.items():
            wheel.writestr(name, text)
        # Hashes are optional here, and pip writes its own when it installs.
        names = [*FILES, record]
        wheel.writestr(record, "".join(f"{name},,\n" for name in names))


if __name__ == "__main__":
    main()
