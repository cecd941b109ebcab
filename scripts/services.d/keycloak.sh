# Keycloak, a real OpenID provider, from Maven. Its address holds the administrator's name and password; tests make realms of
# their own. Schema and administrator are made once and copied at each start.
# shellcheck shell=bash disable=SC2034,SC2154
variable=SAITE_TEST_KEYCLOAK_URL
version=${SAITE_KEYCLOAK_VERSION:-26.5.6}
program=$home/keycloak-$version

missing() { [ -d "$program/seed" ] || echo "Keycloak $version is not in $program"; }

keycloak() { # keycloak DATABASE PORT MANAGEMENT-PORT
    JAVA_HOME=$(jdk 17) JAVA_OPTS_KC_HEAP="-Xms64m -Xmx512m" \
        JAVA_OPTS_APPEND="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djava.io.tmpdir=$state" \
        KC_BOOTSTRAP_ADMIN_USERNAME=admin KC_BOOTSTRAP_ADMIN_PASSWORD=admin \
        detach "$program/bin/kc.sh" start --optimized --cache=local --http-enabled=true --hostname-strict=false \
        --http-host=127.0.0.1 "--http-port=$2" "--http-management-port=$3" \
        "--db-url=jdbc:h2:file:$1/keycloakdb;NON_KEYWORDS=VALUE"
    wait_for 200 curl -sf -m 2 -o /dev/null "http://127.0.0.1:$2/realms/master/.well-known/openid-configuration"
}

install() {
    local ports
    has curl || debian curl
    need_jdk 17
    rm -rf "$program"
    unpacked "org.keycloak:keycloak-quarkus-dist:$version:zip" "$home"
    chmod +x "$program/bin/kc.sh"
    sed -i 's/-XX:+UseG1GC//' "$program/bin/kc.sh" # JAVA_OPTS_APPEND asks for the serial collector
    JAVA_HOME=$(jdk 17) "$program/bin/kc.sh" build --db=dev-file --health-enabled=true --metrics-enabled=true
    state=$home/first-start
    rm -rf "$state"
    mkdir -p "$state"
    read -r -a ports <<<"$(free_ports 2)"
    keycloak "$program/seed.new" "${ports[@]}"
    end_process
    rm -rf "$state"
    mv "$program/seed.new" "$program/seed"
}

launch() {
    local ports
    read -r -a ports <<<"$(free_ports 2)"
    cp -r "$program/seed" "$state/database"
    keycloak "$state/database" "${ports[@]}"
    address "http://admin:admin@127.0.0.1:${ports[0]}"
}
