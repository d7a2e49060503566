package io.fastyoke.integrations.plan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the JSON of a run in the database. It does so in code, without reflection, so
 * that a native executable needs no configuration for it.
 *
 * <p>Replicas of different versions share the table. So fields are only ever added, unknown fields
 * are ignored, and a new field may be absent. {@code RunCodecTest} freezes the bytes.
 */
@Singleton
public class RunCodec {
  private static final int MAX_DEPTH = 1_000;
  private static final int INITIAL_LENGTH = 1_024;

  /** A run was checked when it was accepted; another version may have had higher limits. */
  private static final StreamReadConstraints NO_LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxNumberLength(Integer.MAX_VALUE)
          .maxNameLength(Integer.MAX_VALUE)
          .maxStringLength(Integer.MAX_VALUE)
          .build();

  private final JsonFactory reading =
      JsonFactory.builder().streamReadConstraints(NO_LIMITS).build();
  private final ObjectMapper json;
  private final ObjectMapper canonical;

  public RunCodec(ObjectMapper json) {
    this.json = json;
    this.canonical = json.copy().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    canonical.setConfig(
        canonical.getSerializationConfig().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED));
  }

  public String write(RunPlan plan) {
    return text(out -> new PlanWriter(out, json).write(plan));
  }

  public String write(List<ActionProgress> actions) {
    return text(out -> ProgressJson.write(out, actions));
  }

  /**
   * Reads a plan.
   *
   * @throws IllegalStateException if it does not have the expected shape
   */
  public RunPlan plan(String stored) {
    return read(stored, in -> new PlanReader(in).read());
  }

  /**
   * Reads the progress of a run's actions.
   *
   * @throws IllegalStateException if it does not have the expected shape
   */
  public List<ActionProgress> actions(String stored) {
    return read(stored, ProgressJson::read);
  }

  /**
   * The SHA-256 hash by which replicas of any version compare requests with the same idempotency
   * key. It covers the meaning, not the bytes: the order of keys does not matter. It excludes the
   * actor.
   */
  public byte[] hash(RunPlan plan, boolean ordered, @Nullable UUID replayOf) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (JsonGenerator out =
          canonical.createGenerator(
              new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
        new PlanWriter(out, canonical).writeMeaning(plan, ordered, replayOf);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException | IOException e) {
      throw new IllegalStateException("a validated request cannot be serialized");
    }
  }

  private interface Encode {
    void to(JsonGenerator out) throws IOException;
  }

  private interface Decode<T> {
    T from(StoredParser in) throws IOException;
  }

  private String text(Encode writing) {
    StringWriter text = new StringWriter(INITIAL_LENGTH);
    try (JsonGenerator out = json.createGenerator(text)) {
      writing.to(out);
    } catch (IOException e) {
      throw misshapen();
    }
    return text.toString();
  }

  private <T> T read(String stored, Decode<T> what) {
    try (JsonParser parser = reading.createParser(stored)) {
      parser.nextToken();
      T value = what.from(new StoredParser(parser));
      if (parser.nextToken() != null) {
        throw misshapen();
      }
      return value;
    } catch (IOException e) {
      throw misshapen();
    }
  }

  /** Has no cause, because Jackson's messages quote the value. */
  static IllegalStateException misshapen() {
    return new IllegalStateException("A stored run does not have the shape this version expects.");
  }
}
