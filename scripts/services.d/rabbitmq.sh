# RabbitMQ from Debian, with the management plugin (its address in SAITE_TEST_RABBITMQ_MANAGEMENT_URL). Its own epmd, its own node.
# shellcheck shell=bash disable=SC2034,SC2154
variable=SAITE_TEST_RABBITMQ_URL
programs=/usr/lib/rabbitmq/bin

missing() { [ -x "$programs/rabbitmq-server" ] || echo "$programs/rabbitmq-server was not found"; }

install() { debian rabbitmq-server; }

# The node's whole environment: nothing of /etc/rabbitmq or of a node that runs already
node() {
    local epmd dist
    read -r _ _ dist epmd <"$state/ports"
    env -i PATH=/usr/lib/erlang/bin:/usr/bin:/bin "HOME=$state" LANG=C.UTF-8 "RABBITMQ_NODENAME=test$dist@localhost" \
        RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 "RABBITMQ_DIST_PORT=$dist" "RABBITMQ_MNESIA_BASE=$state/db" \
        "RABBITMQ_LOG_BASE=$state/logs" "RABBITMQ_PID_FILE=$state/node.pid" "RABBITMQ_CONFIG_FILE=$state/rabbitmq.conf" \
        "RABBITMQ_ENABLED_PLUGINS_FILE=$state/enabled_plugins" "RABBITMQ_CONF_ENV_FILE=$state/none" \
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1} +S 2:2" \
        ERL_EPMD_ADDRESS=127.0.0.1 "ERL_EPMD_PORT=$epmd" "$@"
}

launch() {
    local port management
    free_ports 4 >"$state/ports"
    read -r port management _ _ <"$state/ports"
    printf '%s\n' "listeners.tcp.default = 127.0.0.1:$port" management.tcp.ip=127.0.0.1 "management.tcp.port = $management" \
        disk_free_limit.absolute=50MB vm_memory_high_watermark.absolute=512MB >"$state/rabbitmq.conf"
    echo '[rabbitmq_management].' >"$state/enabled_plugins"
    as_user rabbitmq
    export -f node
    export state
    # shellcheck disable=SC2016
    detach "${as[@]}" bash -c 'node "$@"' node "$programs/rabbitmq-server"
    wait_for 90 grep -q 'completed with' "$state/log"
    also SAITE_TEST_RABBITMQ_MANAGEMENT_URL "http://guest:guest@127.0.0.1:$management"
    address "amqp://guest:guest@127.0.0.1:$port/"
}

halt() {
    end_process
    is_root && as=(setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups)
    export -f node
    export state
    # shellcheck disable=SC2016
    (cd / && "${as[@]}" bash -c 'node "$@"' node epmd -kill) >/dev/null 2>&1 || true # only the one on our own port
}
