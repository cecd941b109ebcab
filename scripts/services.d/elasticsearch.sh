# Elasticsearch itself, from Maven (the build for integration tests), with a small plugin that adds the analyzers which the full
# distribution has built in. It has no scripts, no update/delete by query, no reindex, no ingest pipelines.
# shellcheck shell=bash disable=SC2034,SC2154
variable=SAITE_TEST_ELASTICSEARCH_URL
version=${SAITE_ELASTICSEARCH_VERSION:-9.5.3}
program=$home/elasticsearch-$version
plugin=$1/elasticsearch-plugin
made_of=$(cat "$plugin"/*.properties "$plugin"/src/*/*.java | cksum | cut -d' ' -f1)
user=saite-search

missing() { [ -e "$program/made-of-$made_of" ] || echo "Elasticsearch $version is not in $program"; }

install() {
    local classes into=$program/plugins/test-essentials
    has curl || debian curl
    need_jdk 21
    rm -rf "$program"
    unpacked "org.elasticsearch.distribution.integ-test-zip:elasticsearch:$version:zip" "$home"
    chmod +x "$program"/bin/*
    sed -i '/UseG1GC/d' "$program/config/jvm.options" # started with the serial collector
    classes=$(mktemp -d)
    mkdir -p "$into"
    "$(jdk 21)/bin/javac" --release 21 -proc:none -cp "$program/lib/*" -d "$classes" "$plugin"/src/*/*.java
    "$(jdk 21)/bin/jar" --create --file "$into/test-essentials.jar" -C "$classes" .
    rm -rf "$classes"
    sed "s/@VERSION@/$version/" "$plugin/plugin-descriptor.properties" >"$into/plugin-descriptor.properties"
    if is_root && ! id "$user" >/dev/null 2>&1; then
        useradd --system --no-create-home --home-dir / --shell /usr/sbin/nologin "$user"
    fi
    touch "$program/made-of-$made_of"
}

launch() {
    local port transport
    read -r port transport <<<"$(free_ports 2)"
    mkdir -p "$state"/{data,logs,tmp,snapshots}
    cp -r "$program/config" "$state/config"
    printf '%s\n' 'cluster.name: test' 'node.name: test-1' 'discovery.type: single-node' 'http.host: 127.0.0.1' \
        'transport.host: 127.0.0.1' "http.port: $port" "transport.port: $transport" "path.repo: ['$state/snapshots']" \
        "path.data: $state/data" "path.logs: $state/logs" 'cluster.routing.allocation.disk.threshold_enabled: false' \
        'xpack.security.enabled: false' >"$state/config/elasticsearch.yml"
    as_user "$user"
    detach "${as[@]}" env -i "HOME=$state" PATH=/usr/bin:/bin "ES_JAVA_HOME=$(jdk 21)" "ES_TMPDIR=$state/tmp" \
        "ES_PATH_CONF=$state/config" \
        "ES_JAVA_OPTS=-Xms512m -Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-AlwaysPreTouch" \
        "$program/bin/elasticsearch"
    wait_for 200 curl -sf -m 3 -o /dev/null "http://127.0.0.1:$port/_cluster/health?wait_for_status=yellow&timeout=2s"
    address "http://127.0.0.1:$port"
}
