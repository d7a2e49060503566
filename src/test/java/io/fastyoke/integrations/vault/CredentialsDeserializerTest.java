package io.fastyoke.integrations.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.identity.TenantId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CredentialsDeserializerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  record Request(String provider, Credentials credentials, String after) {}

  private static Credentials read(String credentials) throws JsonProcessingException {
    Request request =
        JSON.readValue(
            "{\"provider\":\"p\",\"credentials\":" + credentials + ",\"after\":\"a\"}",
            Request.class);
    assertThat(request.after()).isEqualTo("a");
    return request.credentials();
  }

  private static String text(Credentials credentials, String field) {
    return credentials.get(field).orElseThrow().asPublicText();
  }

  @Test
  void readsStringsAsTheyWereMeant() throws Exception {
    Credentials read =
        read("{\"a\":\"pl\\u0061in\",\"b\":\"\\\"\\\\\\n\\ud83d\\ude00ü€\",\"c\":\"\"}");
    assertThat(read.names()).containsExactly("a", "b", "c");
    assertThat(text(read, "a")).isEqualTo("plain");
    assertThat(text(read, "b")).isEqualTo("\"\\\n😀ü€");
    assertThat(text(read, "c")).isEmpty();
    assertThat(read.shapeErrors()).isEmpty();
  }

  @Test
  void readsValuesLargerThanTheParsersBuffer() throws Exception {
    String large = "abcdefghij".repeat(5_000);
    Credentials read = read("{\"a\":\"" + large + "\",\"b\":\"end\"}");
    assertThat(text(read, "a")).isEqualTo(large);
    assertThat(text(read, "b")).isEqualTo("end");
  }

  @Test
  void readsBytesAsWellAsCharacters() throws Exception {
    byte[] bytes = "{\"credentials\":{\"a\":\"ü1\",\"b\":\"2\"}}".getBytes("UTF-8");
    Credentials read = JSON.readValue(bytes, Request.class).credentials();
    assertThat(text(read, "a") + text(read, "b")).isEqualTo("ü12");
  }

  @Test
  void flattensTwoLevelsOfPartsAndRemembersTheirShape() throws Exception {
    Credentials read =
        read(
            "{\"h\":{\"X-A\":\"k\",\"X-B\":1,\"p\":{\"a.b\":\"x\",\"c\":{\"deep\":\"no\"}}},"
                + "\"l\":[\"0\",\"1\",2],\"e\":{},\"d.e\":\"f\",\"\":\"n\",\"z\":\"z\"}");
    assertThat(read.names()).containsExactly("h.X-A", "h.p.a.b", "l.0", "l.1", "d.e", "''", "z");
    assertThat(read.entries("h")).containsExactly("X-A", "p.a.b");
    assertThat(read.shapeErrors())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "h.X-B", "must be a string",
                "h.p.c", "must be a string",
                "l.2", "must be a string"));
    assertThat(read.shape().objects()).containsExactly("h", "h.p", "e");
    assertThat(read.shape().lists()).containsExactly("l");
    assertThat(read.shape().dotted()).isEqualTo(Map.of("h.p.a.b", "h.p", "d.e", ""));
  }

  @Test
  void notesWrongShapesWithoutTheirValues() throws Exception {
    Credentials read =
        read(
            "{\"number\":8512,\"list\":[[[\"hush\",{\"x\":\"hush\"}]]],\"null\":null,\"bool\":true,"
                + "\"twice\":\"hush\",\"twice\":\"hush\",\"half\":\"\\ud800\",\"fine\":\"f\"}");
    assertThat(read.shapeErrors().keySet())
        .containsExactly("number", "list.0.0", "null", "bool", "twice", "half");
    assertThat(read.shapeErrors().toString()).doesNotContain("hush", "8512");
    assertThat(text(read, "fine")).isEqualTo("f");
  }

  @Test
  void notesThatTheWholeIsNoObject() throws Exception {
    for (String whole : List.of("\"SG.hush\"", "[\"SG.hush\"]", "5", "false")) {
      Credentials read = read(whole);
      assertThat(read.names()).isEmpty();
      assertThat(read.shapeErrors()).isEqualTo(Map.of("", "must be an object"));
    }
    assertThat(read("null")).isNull();
  }

  @Test
  void credentialsWithShapeErrorsAreNeverSealed() throws Exception {
    Vault vault = new Vault(new KeyRing(new EncryptionKey(new byte[32]), List.of()));
    SealContext context = new SealContext(new TenantId("t"), UUID.randomUUID(), "p");
    Credentials misfit = read("{\"a\":1}");
    assertThatThrownBy(() -> vault.seal(context, misfit))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void neitherCredentialsNorSecretsAreWrittenAsJson() {
    Credentials credentials = new Credentials(Map.of("a", Secret.ofUtf8("hush")));
    assertThatThrownBy(() -> JSON.writeValueAsString(credentials))
        .isInstanceOf(JsonProcessingException.class)
        .hasMessageContaining("never written")
        .hasMessageNotContaining("hush");
    assertThatThrownBy(() -> JSON.writeValueAsString(credentials.get("a").orElseThrow()))
        .isInstanceOf(JsonProcessingException.class)
        .hasMessageContaining("never written")
        .hasMessageNotContaining("hush");
  }
}
