#!/usr/bin/env bash
# A release: make release VERSION=1.0.0. Nothing is published: it ends with a tag, the artefacts in dist/, and what to do next.
set -euo pipefail
cd "$(dirname "$0")/.."
fail() { echo "release: $1" >&2; exit 2; }

version=${1:-}
[[ "$version" =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "name the version: make release VERSION=1.2.3"
[ -z "$(git status --porcelain)" ] || fail "there are changes that are not committed"
! git rev-parse --quiet --verify "refs/tags/v$version" >/dev/null || fail "v$version is there already"
grep -q "^version = \"$version\"$" pyproject.toml || fail "pyproject.toml has another version"
notes=$(awk -v head="## $version " 'index($0, head) == 1 {on = 1; next} /^## / {on = 0} on' CHANGELOG.md)
[ -n "$(tr -d '[:space:]' <<<"$notes")" ] || fail "CHANGELOG.md has nothing under '## $version (date)'"
! grep -qi "^## $version (unreleased)" CHANGELOG.md || fail "CHANGELOG.md still calls $version unreleased"
[ "${RELEASE_CHECK:-}" != only ] || { echo "v$version can be released"; exit 0; }

make --no-print-directory lint test docs
[ -z "$(git status --porcelain)" ] || fail "make docs changed pages that are made from the program: commit them first"
make --no-print-directory dist
git tag --annotate "v$version" --message "Firstline $version" --message "$notes"
echo "v$version is tagged, and dist/ holds its files. Next: git push origin v$version, and publish dist/ with the section of CHANGELOG.md."
