#!/usr/bin/env bash
# The tags of an image that a workflow builds, one a line; the first is its name.
#
# From the environment of GitHub Actions: GITHUB_EVENT_NAME, GITHUB_REF_NAME; IMAGE_VERSION for a run by hand;
# NOW (yyyyMMdd-HHmm) instead of the clock, for tests.
set -euo pipefail

branch="${GITHUB_REF_NAME:?GITHUB_REF_NAME is not set}"
if [ "${GITHUB_EVENT_NAME:-}" = workflow_dispatch ]; then
  tag="${IMAGE_VERSION:?a run by hand needs image_version}"
else
  tag="${branch//\//-}-${NOW:-$(date -u +%Y%m%d-%H%M)}"
fi
# What a registry takes: letters, digits, underscores, dots and hyphens, 128 at most, no dot or hyphen first.
if ! [[ "$tag" =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]]; then
  echo "image-tag: $tag is no tag: expected letters, digits, '_', '.' and '-'" >&2
  exit 2
fi
echo "$tag"
if [ "$branch" = main ]; then echo latest; fi
