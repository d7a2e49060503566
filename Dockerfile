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
#   --memory 400m                 what it needs at full load; the heap takes 36 % of the limit (docs/performance.md). For less memory
#                                 there is Dockerfile.native
#   --stop-timeout 45             on SIGTERM attempts in flight have up to 30 s to finish; Docker's default of 10 s is short
#   -e JAVA_OPTS_APPEND=…         further options for the JVM, after those of JAVA_OPTS below
#
# A command follows the image's name: docker run … fastyoke-integrations migrate
#
# Every setting is an environment variable; ENCRYPTION_KEY_FILE and ENCRYPTION_KEYS_RETIRED_FILE read mounted files instead.

FROM registry.access.redhat.com/ubi9/openjdk-25:1.24 AS build
USER root
WORKDIR /code
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src src
# The checks have run before; here it is only packaged.
RUN ./mvnw -B -q package -DskipTests -Dquick
COPY docker docker
# The other stage may have no compiler.
RUN javac -d docker docker/Training.java

FROM registry.access.redhat.com/ubi9/openjdk-25-runtime:1.24
USER root
RUN mkdir -p /data && chown 185:0 /data && chmod 0770 /data
USER 185

# Four layers, from what changes seldom to what changes always.
COPY --chown=185:0 --from=build /code/target/quarkus-app/lib/ /deployments/lib/
COPY --chown=185:0 --from=build /code/target/quarkus-app/*.jar /deployments/
COPY --chown=185:0 --from=build /code/target/quarkus-app/app/ /deployments/app/
COPY --chown=185:0 --from=build /code/target/quarkus-app/quarkus/ /deployments/quarkus/

# Fires 10,000 runs at itself, by the JDK that it will run on, and keeps what the JVM has learnt (docs/performance.md). The cache is for
# these jar files and this path, and for compact object headers.
RUN --mount=type=bind,from=build,source=/code/docker,target=/training /bin/sh /training/train /deployments

# The heap has its size from the beginning: without the adaptive policy it would keep the 64th of the memory with which it starts.
# The cache is mapped where it was made for: elsewhere all its pointers are changed first, which takes 45 MB and 0.2 s.
ENV LANGUAGE="en_US:en" \
    PORT=8080 \
    EMBEDDED_DATA_DIR=/data \
    MALLOC_ARENA_MAX=1 \
    JAVA_OPTS_APPEND="" \
    JAVA_OPTS="-XX:InitialRAMPercentage=36 -XX:MaxRAMPercentage=36 -XX:+UseParallelGC -XX:ParallelGCThreads=2 -XX:-UseAdaptiveSizePolicy -XX:NewRatio=1 -XX:SurvivorRatio=4 -XX:+UseTransparentHugePages -Xss512k -XX:TrimNativeHeapInterval=2000 -XX:ReservedCodeCacheSize=64m -XX:+UseCompactObjectHeaders -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:AOTCache=/deployments/app.aot --sun-misc-unsafe-memory-access=allow -XX:+ExitOnOutOfMemoryError"

EXPOSE 8080
VOLUME /data
STOPSIGNAL SIGTERM
# The shell replaces itself with java, which so receives SIGTERM.
ENTRYPOINT ["/bin/sh", "-c", "exec java $JAVA_OPTS $JAVA_OPTS_APPEND -jar /deployments/quarkus-run.jar \"$@\"", "java"]
