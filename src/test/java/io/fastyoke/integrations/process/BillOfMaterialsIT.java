package io.fastyoke.integrations.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Beside the package lies what is in it, for whoever looks for a vulnerable part. */
class BillOfMaterialsIT {
  private static final Path BOM = Path.of("target", "bom.json");

  @Test
  void namesTheParts() throws IOException {
    assumeTrue(Files.exists(BOM), "Maven makes none when it is offline");
    JsonNode bom = new ObjectMapper().readTree(BOM.toFile());
    assertThat(bom.get("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(bom.get("components").findValuesAsText("purl"))
        .anyMatch(name -> name.startsWith("pkg:maven/io.netty/netty-codec-http@"))
        .anyMatch(name -> name.startsWith("pkg:maven/io.quarkus/quarkus-rest@"));
  }
}
