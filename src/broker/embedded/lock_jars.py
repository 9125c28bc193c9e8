"""Writes jars.lock.json anew: python lock_jars.py LOCK_FILE. For maintainers, after changing a version below.

Resolves the roots of each group without what a broker on loopback never loads, and notes the SHA-256 of every jar.
Do not trim further by watching which classes load: kafka-storage-api, for one, is needed only at a replication factor above 1.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path

from jgo.maven import MavenContext

KAFKA = "4.4.0"
# The newest release of the tools. They want the clients and the common parts of their own version, before the broker's.
KAFKA_TOOLS = "4.3.1"
TOOLS_PARTS = ["kafka-tools", "kafka-tools-api", "kafka-clients", "kafka-server-common"]
NOT_NEEDED = """
org.scala-lang:scala-reflect
org.apache.logging.log4j:log4j-core
com.fasterxml.jackson.dataformat:jackson-dataformat-yaml
com.fasterxml.jackson.datatype:jackson-datatype-jdk8
com.github.ben-manes.caffeine:caffeine
org.bitbucket.b_c:jose4j
commons-beanutils:commons-beanutils
commons-digester:commons-digester
commons-collections:commons-collections
commons-logging:commons-logging
""".split()
# group: (roots, follow their dependencies)
GROUPS = {
    "broker": ([f"org.apache.kafka:kafka_2.13:{KAFKA}", "org.slf4j:slf4j-simple:1.7.36"], True),
    # Everything else that the tools load is in the broker's group already.
    "tools": ([f"org.apache.kafka:{name}:{KAFKA_TOOLS}" for name in TOOLS_PARTS], False),
}


def resolve(context, roots, transitive):
    exclusions = [context.project(*name.split(":")) for name in NOT_NEEDED]
    inputs = [context.create_dependency(root, exclusions) for root in roots]
    if not transitive:
        return inputs
    resolved, others = context.resolver.resolve(inputs)
    return [*resolved, *(dep for dep in others if dep.scope in ("compile", "runtime", None))]


def entry(dependency):
    artifact = dependency.artifact
    path = Path(artifact.resolve())
    return {
        "coordinate": f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}",
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def main(lock_file):
    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(repo_cache=Path(folder), timeout=60)
        lock = {"kafka": KAFKA}
        for group, (roots, transitive) in GROUPS.items():
            entries = {jar["coordinate"]: jar for jar in map(entry, resolve(context, roots, transitive))}
            lock[group] = [entries[name] for name in sorted(entries)]
    Path(lock_file).write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
