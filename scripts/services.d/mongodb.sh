# A server that speaks MongoDB's protocol (mongo-java-server, from Maven), in memory. It has no transactions, no $text, no geo
# queries; TTL indexes, collation and validators it takes and ignores. SAITE_TEST_MONGODB_URL runs the same tests on a real one.
# shellcheck shell=bash disable=SC2034,SC2154
variable=SAITE_TEST_MONGODB_URL
sources=$1/mongodb
made_of=$(cat "$sources/pom.xml" "$sources"/src/*.java | cksum | cut -d' ' -f1)

missing() { [ -e "$home/made-of-$made_of" ] || echo "its classes are not in $home"; }

install() {
    need_jdk 17
    has mvn || debian maven
    rm -rf "$home/lib" "$home/classes" "$home"/made-of-*
    JAVA_HOME=$(jdk 17) mvn -q -B -ntp -f "$sources/pom.xml" \
        org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies "-DoutputDirectory=$home/lib"
    "$(jdk 17)/bin/javac" -cp "$home/lib/*" -d "$home/classes" "$sources"/src/*.java
    touch "$home/made-of-$made_of"
}

launch() {
    local port
    port=$(free_ports 1)
    detach "$(jdk 17)/bin/java" -Doplog=true -Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
        -cp "$home/lib/*:$home/classes" MongoServerForTests "$port"
    wait_for 30 grep -q '^ready' "$state/log"
    address "mongodb://127.0.0.1:$port"
}
