package io.fastyoke.integrations.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Beside the package lies what is in it, for whoever looks for a vulnerable part. */
class BillOfMaterialsIT {

  @Test
  void namesTheParts() throws IOException {
    assumeFalse(Boolean.getBoolean("maven.offline"), "Maven makes none when it is offline");
    JsonNode bom = new ObjectMapper().readTree(Path.of("target", "bom.json").toFile());
    assertThat(bom.get("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(bom.get("components").findValuesAsText("purl"))
        .anyMatch(name -> name.startsWith("pkg:maven/io.netty/netty-codec-http@"))
        .anyMatch(name -> name.startsWith("pkg:maven/io.quarkus/quarkus-rest@"));
  }
}
