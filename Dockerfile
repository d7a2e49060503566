# The service on a JVM. Build and run:
#
#   docker build -t fastyoke-integrations .
#   docker run --rm -p 8080:8080 -e ENCRYPTION_KEY=<64 hex> -e JWT_SECRET=<at least 32 bytes> \
#     -e DATABASE_URL=postgres://user:password@host:5432/integrations fastyoke-integrations
#
# Without DATABASE_URL a PostgreSQL of its own starts inside the container and keeps its data in /data: mount a volume
# there or lose it, and run one replica only.
#
# Flags:
#   --read-only --tmpfs /tmp      works when DATABASE_URL is set; nothing else is written
#   --memory 320m                 the heap takes 26 % of the limit (JAVA_MAX_MEM_RATIO); figures are in docs/performance.md
#   --stop-timeout 45             on SIGTERM attempts in flight have up to 30 s to finish; Docker's default of 10 s is short
#   -e JAVA_OPTS_APPEND=…         further options for the JVM, after the ones below
#
# A command follows the image's name: docker run … fastyoke-integrations migrate
#
# Every setting is an environment variable; ENCRYPTION_KEY_FILE and ENCRYPTION_KEYS_RETIRED_FILE read mounted files instead.

FROM registry.access.redhat.com/ubi9/openjdk-17:1.23 AS build
USER root
WORKDIR /code
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src src
# The checks have run before; here it is only packaged.
RUN ./mvnw -B -q package -DskipTests -Dquick

FROM registry.access.redhat.com/ubi9/openjdk-17-runtime:1.23
USER root
RUN mkdir -p /data && chown 185:0 /data && chmod 0770 /data
USER 185

# Four layers, from what changes seldom to what changes always.
COPY --chown=185:0 --from=build /code/target/quarkus-app/lib/ /deployments/lib/
COPY --chown=185:0 --from=build /code/target/quarkus-app/*.jar /deployments/
COPY --chown=185:0 --from=build /code/target/quarkus-app/app/ /deployments/app/
COPY --chown=185:0 --from=build /code/target/quarkus-app/quarkus/ /deployments/quarkus/

# A start with this archive takes 2.4 s instead of 3.9 s (docs/performance.md).
COPY --chmod=0755 docker/train-cds /tmp/train-cds
RUN /tmp/train-cds /deployments

ENV LANGUAGE="en_US:en" \
    PORT=8080 \
    EMBEDDED_DATA_DIR=/data \
    JAVA_APP_JAR=/deployments/quarkus-run.jar \
    MALLOC_ARENA_MAX=1 \
    GC_CONTAINER_OPTIONS="-XX:+UseParallelGC -XX:ParallelGCThreads=2 -XX:-UseAdaptiveSizePolicy" \
    JAVA_MAX_MEM_RATIO=26 \
    JAVA_OPTS_APPEND="-Djava.util.logging.manager=org.jboss.logmanager.LogManager -XX:+ExitOnOutOfMemoryError -XX:SharedArchiveFile=/deployments/app.jsa -Xss512k -XX:ReservedCodeCacheSize=64m -XX:NewRatio=1 -XX:SurvivorRatio=4 -XX:TrimNativeHeapInterval=2000 -XX:+UseTransparentHugePages"

EXPOSE 8080
VOLUME /data
STOPSIGNAL SIGTERM
# Replaces itself with java, which so receives SIGTERM.
ENTRYPOINT ["/opt/jboss/container/java/run/run-java.sh"]
