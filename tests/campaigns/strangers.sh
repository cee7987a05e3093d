#!/usr/bin/env bash
# Firstline as strangers install it: each way in a clean root of Debian, used, and uninstalled without a trace.
#
#   make strangers            as root; needs debootstrap (apt-get install debootstrap), the registry, and 4 GB in $ROOTS
#   make strangers ARGS="pip upgrade"      only these ways
#
# Prints minutes for each way. What a stranger would stumble over ends it with exit code 1 and says where.
set -euo pipefail
cd "$(dirname "$0")/../.."
ROOTS=${ROOTS:-$(mktemp -d /var/tmp/strangers.XXXXXX)}
OLD=${OLD:-d2ae2ac}  # 0.1, as tests/version_0_1 has it
WAYS=${*:-pip pipx uv make container systemd upgrade tutorial}
PYTHON=$PWD/.venv/bin/python
REACH=$(env | grep -E '^(PIP_[^F]|UV_|SSL_|https?_proxy=|no_proxy=)' || true)  # how this machine reaches a registry
table=()

command -v debootstrap >/dev/null || { echo "strangers: debootstrap is missing: apt-get install debootstrap" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "strangers: run it as root: it makes roots of its own" >&2; exit 2; }
WHEEL=$(cd dist && ls firstline-*.whl) || { echo "strangers: run make dist first" >&2; exit 2; }

# Debian with nothing in it, made once; each way gets a copy.
base() {
  [ -e "$ROOTS/base/etc/ready" ] && return
  debootstrap --variant=minbase bookworm "$ROOTS/base" >"$ROOTS/base.log" 2>&1
  mkdir -p "$ROOTS/base/dist"
  touch "$ROOTS/base/etc/ready"
}

# Python, as people have it; made once as well.
python_base() {
  [ -e "$ROOTS/python/etc/ready" ] && return
  cp -a "$ROOTS/base" "$ROOTS/python"
  rm "$ROOTS/python/etc/ready"
  as root "$ROOTS/python" "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    python3-venv python3-pip pipx make git ca-certificates procps >/dev/null 2>&1 && useradd --create-home stranger"
  touch "$ROOTS/python/etc/ready"
}

# as USER ROOT COMMAND: in that root, with /proc and /dev of its own, which are gone afterwards.
as() {
  cp /etc/resolv.conf "$2/etc/resolv.conf"
  mkdir -p "$2/etc/ssl/certs"
  [ ! -e /etc/ssl/certs/ca-certificates.crt ] || cp -L /etc/ssl/certs/ca-certificates.crt "$2/etc/ssl/certs/"
  # shellcheck disable=SC2086
  unshare --mount --pid --fork --kill-child sh -c '
    mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"
    exec chroot "$1" su --whitelist-environment='"$(echo "$REACH" | cut -d= -f1 | paste -sd,)"' - "$2" -c "$3"' \
    sh "$2" "$1" "$3"
}

root() { rm -rf "$ROOTS/$1"; cp -a "$ROOTS/python" "$ROOTS/$1"; cp dist/* "$ROOTS/$1/dist/"; echo "$ROOTS/$1"; }

# What lies in a root, but for what the system and the tools to install with keep for themselves.
files() { (cd "$1" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./tmp -o -path ./var/cache -o -name .cache -o -name __pycache__ \) -prune -o -type f -print | sort); }

# What somebody does with it: any way must have all of this.
USE='firstline --version && firstline --help >/dev/null && firstline demo >demo.out && grep -q "firstline init" demo.out \
  && firstline init desk >init.out && cd desk && firstline template lint >/dev/null && firstline status --json >status.json; \
  test -s status.json && cd .. && rm -rf desk demo.out init.out'

assert_no_trace() {  # ROOT BEFORE
  local left; left=$(comm -13 "$2" <(files "$1") | grep -v "^./home/stranger/\.\(bash\|profile\|wget\)" || true)
  [ -z "$left" ] || { echo "left behind:"; echo "$left" | head -20; return 1; }
}

way_pip() {
  local root; root=$(root pip); files "$root" >"$ROOTS/before"
  as stranger "$root" "python3 -m venv v && v/bin/pip install --quiet '/dist/$WHEEL[demo]' && export PATH=~/v/bin:\$PATH && $USE"
  as stranger "$root" "v/bin/pip uninstall --quiet --yes firstline && ! test -e v/bin/firstline && rm -r v"
  assert_no_trace "$root" "$ROOTS/before"
}

way_pipx() {
  local root; root=$(root pipx); files "$root" >"$ROOTS/before"
  as stranger "$root" "pipx install '/dist/$WHEEL[demo,oauth,report]' && export PATH=~/.local/bin:\$PATH && $USE"
  as stranger "$root" "pipx uninstall firstline && rm -rf .local/pipx .local/share/pipx .local/state"  # its own notes
  assert_no_trace "$root" "$ROOTS/before"
}

way_uv() {
  local root; root=$(root uv); as root "$root" "python3 -m venv /opt/uv && /opt/uv/bin/pip install --quiet uv"
  files "$root" >"$ROOTS/before"
  as stranger "$root" "/opt/uv/bin/uv tool install --quiet --system-certs '/dist/$WHEEL[demo,oauth,report]' && export PATH=~/.local/bin:\$PATH && $USE"
  as stranger "$root" "/opt/uv/bin/uv tool uninstall firstline && rm -rf .local/share/uv"
  assert_no_trace "$root" "$ROOTS/before"
}

way_make() {
  local root; root=$(root make); files "$root" >"$ROOTS/before"
  checkout "$root/home/stranger/firstline"; chroot "$root" chown -R stranger /home/stranger
  as stranger "$root" "cd firstline && make install && cd && rm -rf firstline && export PATH=~/.local/bin:\$PATH && $USE"
  as stranger "$root" "rm -r ~/.local/share/firstline; find ~/.local/bin ~/.local/share -lname '*/share/firstline/*' -delete"  # as docs/installing.md says
  assert_no_trace "$root" "$ROOTS/before"
}

checkout() { mkdir -p "$1"; git archive HEAD | tar -x -C "$1"; }

# boxed ROOT DESK COMMAND…: as a container engine would: read-only root, one folder to write to, user 1000, process 1.
boxed() {
  local root=$1 desk=$2; shift 2
  unshare --mount --pid --fork --kill-child sh -c '
    root=$1 desk=$2; shift 2
    mount --bind "$root" "$root"; mount -o remount,ro,bind "$root"
    mount -t proc proc "$root/proc"; mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp"; mount --bind "$desk" "$root/desk"
    exec env -i PATH=/opt/firstline/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 HOME=/desk MPLCONFIGDIR=/tmp SUPPORT_PASSWORD=x \
      ${NOTIFY_SOCKET:+NOTIFY_SOCKET=$NOTIFY_SOCKET} /usr/sbin/chroot "$root" /usr/bin/setpriv --reuid 1000 --regid 1000 --clear-groups \
      --no-new-privs --bounding-set=-all sh -c "cd /desk && exec \"\$@\"" sh "$@"' sh "$root" "$desk" "$@"
}

# named NAME PID: the first process of that name among those that PID has started, and they in turn.
named() {
  local one
  for one in $(cat /proc/"$2"/task/*/children 2>/dev/null); do
    if [ "$(cat "/proc/$one/comm")" = "$1" ]; then echo "$one"; return; fi
    named "$1" "$one" && return
  done
  return 1
}

# ends_by_sigterm ROOT DESK COMMAND…: starts it as process 1, waits until it watches, and ends it by SIGTERM.
ends_by_sigterm() {
  local log=$ROOTS/run.log; : >"$log"
  boxed "$@" >"$log" 2>&1 &
  local outer=$! inner=
  for _ in $(seq 120); do grep -q '"watching"\|watching' "$log" && break; sleep 0.5; done
  inner=$(named firstline "$outer") || { echo "no firstline runs in the box"; kill "$outer"; return 1; }
  kill -TERM "$inner"
  for _ in $(seq 60); do kill -0 "$outer" 2>/dev/null || break; sleep 0.5; done
  kill -KILL "$outer" 2>/dev/null && { echo "it has not ended by SIGTERM within 30 s"; return 1; }
  wait "$outer"
  grep -q '"event": "stopped"\|stopped' "$log"
}

way_container() {
  rm -rf "$ROOTS/image" "$ROOTS/image-build" "$ROOTS/volume"
  "$PYTHON" -m deploy.steps "$ROOTS/base" "$ROOTS/image"
  cp -a "$ROOTS/image/desk" "$ROOTS/volume"  # a new volume begins as the image has it
  boxed "$ROOTS/image" "$ROOTS/volume" firstline init . >/dev/null
  ! boxed "$ROOTS/image" "$ROOTS/volume" touch /opt/firstline/x 2>/dev/null
  ends_by_sigterm "$ROOTS/image" "$ROOTS/volume" firstline run
  boxed "$ROOTS/image" "$ROOTS/volume" firstline status --json >"$ROOTS/status.json" || test -s "$ROOTS/status.json"
  du -sm "$ROOTS/image" | cut -f1 | sed 's/$/ MB: the image/'
}

# systemd is not process 1 here: its units are verified, and what they start runs in a box like theirs.
way_systemd() {
  local root; root=$(root systemd)
  checkout "$root/src"; as root "$root" "cd /src && make install PREFIX=/usr/local && useradd --system --uid 990 firstline" >/dev/null
  mkdir -p "$root/desk" "$ROOTS/state"; rm -rf "${ROOTS:?}/state"; install -d -o 1000 -g 1000 -m 700 "$ROOTS/state"
  for unit in deploy/systemd/*; do cp "$unit" "$root/etc/"; done
  if command -v systemd-analyze >/dev/null; then
    systemd-analyze verify --root="$root" deploy/systemd/firstline.service 2>&1 | grep firstline || true
    systemd-analyze security --offline=true --no-pager deploy/systemd/firstline.service | tail -1
  fi
  boxed "$root" "$ROOTS/state" firstline init . >/dev/null
  ends_by_sigterm "$root" "$ROOTS/state" firstline run
}

# A folder of 0.1 with an edited letter and its database, taken over by the version of today.
way_upgrade() {
  local work=$ROOTS/upgrade; rm -rf "$work"; mkdir -p "$work/src"
  git archive "$OLD" | tar -x -C "$work/src"
  .venv/bin/uv venv --quiet --python "$PYTHON" "$work/old"
  VIRTUAL_ENV=$work/old .venv/bin/uv pip install --quiet --require-hashes -r "$work/src/requirements.lock"
  VIRTUAL_ENV=$work/old .venv/bin/uv pip install --quiet --no-deps "$work/src"
  (cd "$work" && "$work/old/bin/firstline" init desk)
  cd "$work/desk"
  "$work/old/bin/firstline" db upgrade
  echo "We are at your service until six." >>templates/en/delivery.txt
  cp templates/en/delivery.txt "$work/edited"
  find templates -type f | sort | xargs sha256sum >"$work/letters"
  local new=$OLDPWD/.venv/bin/firstline
  "$new" status >/dev/null 2>"$work/told" && { echo "an old database was not noticed"; return 1; }
  grep -q "db upgrade" "$work/told"
  "$new" db upgrade
  "$new" db check
  "$new" template update --json >"$work/update.json"
  find templates -type f | sort | xargs sha256sum | cmp - "$work/letters"  # to look changes nothing
  "$new" template update --yes | tail -3 || true
  cmp templates/en/delivery.txt "$work/edited"
  "$new" template lint >/dev/null
  "$new" model verify
  echo Where is my parcel | "$new" classify --text --json - >"$work/classified"
  grep -q '"topic"' "$work/classified"
  cd "$OLDPWD"
  "$PYTHON" - "$work/update.json" <<'PY'
import collections, json, sys
found = json.load(open(sys.argv[1]))["letters"]
print("letters of today beside those of 0.1:", dict(collections.Counter(one["change"] for one in found)))
PY
}

# The tutorial, word for word: its blocks, one after the other, in one shell of a stranger in a clean root. Put in place:
# where the project is cloned from, and the block with the reader's own values.
way_tutorial() {
  local page=docs/tutorial/index.md
  [ -e "$page" ] || { echo "there is no tutorial yet"; return 1; }
  local root; root=$(root tutorial); files "$root" >"$ROOTS/before"
  git clone --quiet --bare . "$root/home/project.git"
  local log=$ROOTS/servers.log; : >"$log"
  coproc SERVERS { exec "$PYTHON" -m tests.campaigns.stranger_servers 2>"$log"; }
  local servers=$SERVERS_PID  # bash forgets it when it has ended
  local values=; while IFS= read -r line <&"${SERVERS[0]}"; do values+="$line"$'\n'; [[ $line == *IMAP=* ]] && break; done
  "$PYTHON" - "$page" "$values" >"$root/home/tutorial.sh" <<'PY'
import re, sys
page, values = open(sys.argv[1], encoding="utf-8").read(), sys.argv[2]
print("set -e")
for block in re.findall(r"^```sh\n(.*?)^```", page, re.M | re.S):
    block = block.replace("ADDRESS-OF-THE-PROJECT", "/home/project.git")
    print(values if block.startswith("export COMPANY=") else block)
PY
  chmod 644 "$root/home/tutorial.sh"
  as stranger "$root" "git config --global --add safe.directory '*' && bash -x /home/tutorial.sh >tutorial.out 2>&1 || { tail -30 tutorial.out; exit 1; }"
  exec {SERVERS[1]}>&-; wait "$servers" || { cat "$log"; return 1; }
  as stranger "$root" "test -s mydesk/look.html && rm -rf mydesk firstline tutorial.out .gitconfig ~/.local/share/firstline; find ~/.local/bin ~/.local/share -lname '*/share/firstline/*' -delete"
  rm -rf "$root/home/project.git" "$root/home/tutorial.sh"
  assert_no_trace "$root" "$ROOTS/before"
}

base; python_base
failed=0
for way in $WAYS; do
  begun=$SECONDS
  echo "== $way"
  set +e  # not in a condition: there bash would go on after what fails
  (set -e; "way_$way") </dev/null
  code=$?
  set -e
  if [ $code = 0 ]; then verdict=ok; else verdict=FAILED; failed=1; fi
  table+=("$(printf '%-10s %-7s %5.1f min' "$way" "$verdict" "$(awk "BEGIN {print ($SECONDS - $begun) / 60}")")")
  echo "${table[-1]}"
  rm -rf "${ROOTS:?}/$way"
done
printf '%s\n' "" "${table[@]}"
exit $failed
