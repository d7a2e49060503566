#!/usr/bin/env bash
# The AWS SDK for Java drops what stands behind the second equals sign of a query parameter.
#
# SdkHttpRequest.Builder.uri(URI) of http-client-spi 2.29.52 reads `k=a=b` as k = a, and sends (and signs) `k=a`, without a word. RFC 3986, section
# 3.4, lets an equals sign stand in a query, and the WHATWG URL Standard (section 5.1) splits a parameter at the first one only: base64 in a query
# ends in them. `k=` and `k` become the same as well. Whoever compares a signature of his own with the SDK's has to write %3D.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>software.amazon.awssdk</groupId>
      <artifactId>http-client-spi</artifactId>
      <version>2.29.52</version>
    </dependency>
  </dependencies>
</project>
XML
mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib

cat >Try.java <<'JAVA'
import java.net.URI;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

class Try {
  public static void main(String[] arguments) {
    for (String query : new String[] {"k=a=b", "k=YQ==", "k=a%3Db", "k=", "k"}) {
      SdkHttpRequest request =
          SdkHttpRequest.builder()
              .method(SdkHttpMethod.GET)
              .uri(URI.create("https://example.com/?" + query))
              .build();
      System.out.println(query + " becomes " + request.getUri().getRawQuery());
    }
  }
}
JAVA
java -cp 'lib/*' Try.java 2>/dev/null | tee seen

diff seen - <<'SEEN'
k=a=b becomes k=a
k=YQ== becomes k=YQ
k=a%3Db becomes k=a%3Db
k= becomes k
k becomes k
SEEN
echo "as described"
