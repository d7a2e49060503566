package io.fastyoke.integrations.providers.signing;

import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.providers.description.CredentialRules;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of one credential that sign: one, or a list of which all sign, so that receivers can
 * change to another without a gap.
 */
public final class SigningSecrets {
  /** One secret, of any form. */
  public static final String ONE = "signing_secret";

  /** A list of secrets with a prefix. */
  public static final String LIST = "signing_secrets";

  private static final Pattern PREFIXED = Pattern.compile("whs(?:ec|k)_.*");
  private static final Pattern PUBLIC = Pattern.compile("whpk_.*");

  private final List<Signer> signers;

  private SigningSecrets(List<Signer> signers) {
    this.signers = signers;
  }

  /** Those of a credential, in their order. */
  public static SigningSecrets of(Credentials credentials) {
    Secret one = credentials.get(ONE).orElse(null);
    if (one != null) {
      return new SigningSecrets(List.of(new SigningSecret(one)));
    }
    List<Signer> signers = new ArrayList<>();
    for (String item : credentials.entries(LIST)) {
      signers.add(signer(credentials.get(LIST + "." + item).orElseThrow()));
    }
    return new SigningSecrets(signers);
  }

  private static Signer signer(Secret secret) {
    return startsWith(secret, SigningKey.PREFIX)
        ? new SigningKey(secret)
        : new SigningSecret(secret);
  }

  private static boolean startsWith(Secret secret, String prefix) {
    return secret.length() >= prefix.length()
        && secret.asciiForHeader().subSequence(0, prefix.length()).toString().equals(prefix);
  }

  /** What is wrong with them; fields begin with {@code credentials.}. */
  public static List<FieldProblem> check(Credentials credentials) {
    List<FieldProblem> problems = new ArrayList<>();
    credentials
        .get(ONE)
        .map(secret -> new SigningSecret(secret).problem())
        .ifPresent(message -> problems.add(CredentialRules.problem(ONE, message)));
    List<byte[]> before = new ArrayList<>();
    for (String item : credentials.entries(LIST)) {
      if (item.indexOf('.') >= 0) {
        continue; // a list in the list, which the description refuses
      }
      Secret secret = credentials.get(LIST + "." + item).orElseThrow();
      String message = problemInList(secret);
      if (message == null
          && before.stream().anyMatch(b -> java.util.Arrays.equals(b, secret.expose()))) {
        message = "is in the list already";
      }
      before.add(secret.expose());
      if (message != null) {
        problems.add(CredentialRules.problem(LIST + "[" + item + "]", message));
      }
    }
    return problems;
  }

  private static @Nullable String problemInList(Secret secret) {
    CharSequence text = secret.asciiForHeader();
    if (PUBLIC.matcher(text).matches()) {
      return "is a public key, which is for receivers; give the private one, which begins with"
          + " whsk_";
    }
    String message = signer(secret).problem();
    return message == null && !PREFIXED.matcher(text).matches()
        ? "must begin with whsec_ or whsk_"
        : message;
  }

  /** Whether nothing is signed. */
  public boolean isEmpty() {
    return signers.isEmpty();
  }

  /**
   * The value of {@code X-FastYoke-Signature}, of the first secret with which receivers can verify
   * it; empty when there is none.
   *
   * @param credentials with which the signature is wiped
   */
  public Optional<Secret> ofBody(Credentials credentials, byte[] body) {
    for (Signer signer : signers) {
      Secret signature = signer.ofBody(body);
      if (signature != null) {
        return Optional.of(credentials.track(signature));
      }
    }
    return Optional.empty();
  }

  /**
   * The value of {@code webhook-signature}: all signatures, with spaces between them; empty when
   * there is none.
   *
   * @param credentials with which the signatures are wiped
   */
  public Optional<Secret> standard(Credentials credentials, UUID id, Instant time, byte[] body) {
    List<Secret> signatures = new ArrayList<>();
    for (Signer signer : signers) {
      if (signer.signsStandard()) {
        signatures.add(credentials.track(signer.standard(id, time, body)));
      }
    }
    if (signatures.size() < 2) {
      return signatures.stream().findFirst();
    }
    ByteBuffer all =
        ByteBuffer.allocate(
            signatures.stream().mapToInt(Secret::length).sum() + signatures.size() - 1);
    for (Secret signature : signatures) {
      if (all.position() > 0) {
        all.put((byte) ' ');
      }
      all.put(signature.expose());
    }
    return Optional.of(credentials.track(Secret.owning(all.array())));
  }

  /** Copies of the characters without their prefixes. */
  public List<byte[]> bare() {
    return signers.stream().map(Signer::bare).toList();
  }
}
