"""Builds the wheel from these files and the native library, with nothing but the standard library."""

import base64
import hashlib
import os
import pathlib
import sys
import zipfile

HERE = pathlib.Path(__file__).parent
LIBRARY = HERE.parent.parent / "artifacts" / "libculverin.so"
TAG = "py3-none-linux_x86_64"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """Makes the wheel (PEP 517); CULVERIN_LIBRARY names a library other than the published one."""
    if sys.version_info < (3, 11):
        raise SystemExit("Building the wheel needs Python 3.11 or later; using it, 3.10.")
    import tomllib

    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    name, version = project["name"], project["version"]
    library = pathlib.Path(os.environ.get("CULVERIN_LIBRARY") or LIBRARY)
    if not library.exists():
        raise SystemExit("There is no native library; ./build.sh publish makes it.")
    info = f"{name}-{version}.dist-info"
    files = {f"{name}/{path.name}": path.read_bytes() for path in sorted((HERE / name).glob("*.py"))}
    files[f"{name}/py.typed"] = b""
    files[f"{name}/libculverin.so"] = library.read_bytes()
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        f"Summary: {project['description']}\nRequires-Python: {project['requires-python']}\n"
        f"License: MIT\nDescription-Content-Type: text/markdown\n\n{(HERE / 'README.md').read_text()}"
    ).encode()
    files[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: culverin\nRoot-Is-Purelib: false\nTag: {TAG}\n".encode()
    )
    lines = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()
    wheel = f"{name}-{version}-{TAG}.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return wheel


def build_sdist(sdist_directory, config_settings=None):
    """There is none: a wheel needs the native library, which is not Python's to build."""
    raise SystemExit("Only wheels can be built.")


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
