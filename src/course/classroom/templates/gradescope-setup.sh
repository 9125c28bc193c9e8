#!/usr/bin/env bash
# Runs once, when Gradescope builds the autograder's image: as root, on Ubuntu, with a network.
set -euo pipefail
root=${AUTOGRADER_ROOT:-/autograder}

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && [ -z "${COURSE_NO_APT:-}" ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends ca-certificates git python3 python3-venv
  if ! command -v node >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    bash "$root/source/course/docker/install-node"
  fi
fi

# Whatever the first grading would download is in the image afterwards.
cd "$root/source/course"
npm run --silent course -- list >/dev/null
COURSE_BROKER=embedded npm run --silent grade -- key-partitioner --answers stubs
