# What all servers have in common: where they lie, starting once, stopping what was started, ports, users, tools.
# Read by scripts/services before NAME.sh, which has:
#
#   variable          the environment variable that hands its address on
#   missing           says what is needed before it can start; nothing when it is installed
#   install           downloads and prepares it in $home; once
#   launch            starts it over the empty folder $state, waits until it answers, then `address VALUE`
#   halt              optional: how it is stopped, when ending the process of $state/pid is not the way
#
# Arguments $2, $3, $4: name, cache folder, folder of running states.
arguments=("${@:1:4}")
name=$2
home=$3/$name
state=$4/$name
variable=""

# In a condition bash ignores errors inside a function; in a process of its own it does not.
strictly() {
    # shellcheck disable=SC2016
    bash -euo pipefail -c '. "$1/server.sh"; . "$1/$2.sh"; shift 4; "$@"' services "${arguments[@]}" "$@"
}

say() { printf '%-14s %s\n' "$name" "$*" >&2; }
fail() {
    say "$@"
    return 1
}
has() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# --- what scripts/services asks for -------------------------------------------------------------------------------

ensure_installed() {
    mkdir -p "$home"
    exec 8>"$home/.lock"
    flock 8
    [ -n "$(missing)" ] || { say "is installed"; return 0; }
    say "installing"
    strictly install >"$home/install.log" 2>&1 8>&- || { tail -n 20 "$home/install.log" >&2; fail "could not be installed ($home/install.log)"; }
    [ -z "$(missing)" ] || fail "$(missing)"
    say "installed"
}

ensure_started() {
    [ -z "${!variable:-}" ] || { say "given by $variable"; return 0; }
    mkdir -p "$(dirname "$state")"
    exec 9>"$state.lock"
    flock 9
    if is_running; then
        say "runs at $(cat "$state/address")"
        return 0
    fi
    local reason
    reason=$(missing)
    [ -z "$reason" ] || fail "is not installed ($reason): scripts/services install $name"
    rm -rf "$state"
    mkdir -p "$state"
    [ -z "${SAITE_SERVICES_RUN:-}" ] || touch "$state/of-a-run"
    SECONDS=0
    if ! strictly launch 9>&-; then
        tail -n 30 "$state/log" >&2 || true
        end_process
        fail "did not start ($state/log)"
    fi
    say "runs at $(cat "$state/address") after $SECONDS s"
}

ensure_stopped() {
    [ -d "$state" ] || return 0
    exec 9>"$state.lock"
    flock 9
    if is_running; then
        halt
        say "stopped"
    fi
    rm -rf "$state"
}

halt_if_of_a_run() { [ ! -e "$state/of-a-run" ] || ensure_stopped; }

tell_status() {
    if [ -n "${!variable:-}" ]; then
        say "given by $variable"
    elif is_running; then
        say "runs at $(cat "$state/address")"
    elif [ -n "$(missing)" ]; then
        say "not installed: $(missing)"
    else
        say "stopped"
    fi 2>&1
}

tell_environment() {
    local value=${!variable:-}
    if [ -z "$value" ] && is_running; then
        value=$(cat "$state/address")
    fi
    [ -z "$value" ] || printf 'export %s=%q\n' "$variable" "$value"
    if [ -z "${!variable:-}" ] && is_running && [ -e "$state/also" ]; then
        cat "$state/also"
    fi
}

# --- what a server's own file uses ---------------------------------------------------------------------------------

# Starts a process that outlives us; its output goes to $state/log. `as` it when that is set (a user's prefix).
detach() {
    (cd / && exec setsid nohup "$@" >>"$state/log" 2>&1 </dev/null 8>&- 9>&-) &
    remember_process $!
}

# A process is its id and when it began: ids come back. Without /proc (not Linux) the id alone.
began() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20 || echo unknown; }
remember_process() { printf '%s %s\n' "$1" "$(began "$1")" >"$state/pid"; }
process_lives() {
    local pid start
    read -r pid start <"$state/pid" 2>/dev/null || return 1
    kill -0 "$pid" 2>/dev/null && [ "$(began "$pid")" = "$start" ]
}
is_running() { [ -e "$state/address" ] && process_lives; }

# Ends the whole session that `detach` opened: a server's start script may leave the server itself as a child.
end_process() {
    local pid _start
    process_lives || return 0
    read -r pid _start <"$state/pid"
    kill -- "-$pid" 2>/dev/null || true
    for _ in $(seq 150); do
        kill -0 -- "-$pid" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -9 -- "-$pid" 2>/dev/null || true
}
halt() { end_process; }

address() { printf '%s\n' "$1" >"$state/address"; }
also() { printf 'export %s=%q\n' "$1" "$2" >>"$state/also"; } # a further variable of the same server

# wait_for SECONDS COMMAND…: until it succeeds; fails when time is up or the process ended
wait_for() {
    local until=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        process_lives || return 1
        [ "$SECONDS" -lt "$until" ] || return 1
        sleep 0.2
    done
}

# N free ports, below the range from which the system takes ports for outgoing connections
free_ports() {
    python3 - "$1" <<'PYTHON'
import random, socket, sys
held = []
while len(held) < int(sys.argv[1]):
    candidate = socket.socket()
    try:
        candidate.bind(("127.0.0.1", random.randrange(20000, 32000)))
        held.append(candidate)
    except OSError:
        candidate.close()
print(*(one.getsockname()[1] for one in held))
PYTHON
}

# Servers that refuse to run as root run as another user: `as` is the command's prefix, empty for everybody else.
as=()
as_user() {
    is_root || return 0
    as=(setpriv "--reuid=$1" "--regid=$1" --init-groups)
    chown -R "$1:$1" "$state"
}

debian() { # debian PACKAGE…
    has apt-get && is_root || fail "needs the Debian packages $* (as root: apt-get install $*)"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -q -y --no-install-recommends "$@" 2>/dev/null || {
        apt-get update -q
        apt-get install -q -y --no-install-recommends "$@"
    }
}

# The home of the oldest JDK that is at least this version and can compile
jdk() {
    local candidate version best="" best_version=999
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /x/x/x)")")")"; do
        [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] || continue
        version=$("$candidate/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
        if [ "${version:-0}" -ge "$1" ] && [ "$version" -lt "$best_version" ]; then
            best=$candidate best_version=$version
        fi
    done
    printf '%s' "$best"
    [ -n "$best" ]
}
need_jdk() { jdk "$1" >/dev/null || debian "openjdk-$1-jdk-headless"; }

# unpacked GROUP:ARTIFACT:VERSION:zip FOLDER: from the Maven repository that this machine's Maven is set up for
unpacked() {
    has mvn || debian maven
    JAVA_HOME=$(jdk 17) mvn -q -B -ntp org.apache.maven.plugins:maven-dependency-plugin:3.6.1:unpack \
        "-Dartifact=$1" "-DoutputDirectory=$2"
}
