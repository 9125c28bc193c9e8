"""Brings the jars of one group of jars.lock.json into a folder: only what is missing, in parallel, each verified by its SHA-256.

Usage: python fetch_jars.py LOCK_FILE GROUP FOLDER. Prints one line for each jar that arrived: "DONE TOTAL".
A jar gets its name only after it was verified, so an interrupted run leaves whole jars and nothing that looks like one.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

PARALLEL_DOWNLOADS = 8
ATTEMPTS = 4


def sha256(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if sys.version_info >= (3, 11) else _sha256(file)


def _sha256(file):
    digest = hashlib.sha256()
    for chunk in iter(lambda: file.read(1 << 20), b""):
        digest.update(chunk)
    return digest.hexdigest()


def fetch(jar, folder):
    from jgo.maven import MavenContext

    for attempt in range(ATTEMPTS):
        # A folder of its own: the resolver wants to create the file, and a broken download must not be found by the next try.
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder))
        try:
            context = MavenContext(repo_cache=partial, timeout=60)
            path = Path(context.create_dependency(jar["coordinate"]).artifact.resolve())
            if sha256(path) != jar["sha256"]:
                raise ValueError(f"{jar['coordinate']} is not the file that the lock names: its SHA-256 differs")
            os.replace(path, folder / jar["file"])
            return
        except Exception:
            if attempt == ATTEMPTS - 1:
                raise
            time.sleep(2**attempt)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def is_present(jar, folder):
    path = folder / jar["file"]
    return path.exists() and sha256(path) == jar["sha256"]


def main(lock_file, group, folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in folder.glob(".partial-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    jars = json.loads(Path(lock_file).read_text(encoding="utf-8"))[group]
    wanted = {jar["file"] for jar in jars}
    for stray in folder.glob("*.jar"):
        if stray.name not in wanted:  # an older lock's jar on the class path would shadow the new one
            stray.unlink()
    missing = [jar for jar in jars if not is_present(jar, folder)]
    done = len(jars) - len(missing)
    pool = ThreadPoolExecutor(PARALLEL_DOWNLOADS)
    try:
        for future in as_completed(downloads := {pool.submit(fetch, jar, folder): jar for jar in missing}):
            try:
                future.result()
            except Exception as error:
                print(f"{downloads[future]['coordinate']}: {error}", file=sys.stderr)
                return 1
            done += 1
            print(done, len(jars), flush=True)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
