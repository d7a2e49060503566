package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.providers.description.CredentialRules;
import io.fastyoke.integrations.providers.signing.AwsSignature;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The headers that a credential sets on every request. */
final class TenantHeaders {
  private static final String FIELD = "headers";
  private static final String PREFIX = FIELD + ".";

  /** With the auth header, in characters; twice what servers commonly take for all headers. */
  private static final int MAX_CHARS = 16 * 1024;

  private TenantHeaders() {}

  static List<FieldProblem> check(Credentials credentials) {
    List<FieldProblem> problems = new ArrayList<>();
    List<String> signedIn = AwsSignature.isIn(credentials) ? AwsSignature.HEADERS : List.of();
    Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : names(credentials)) {
      String message = HeaderRules.problemWithName(name);
      if (name.toLowerCase(Locale.ROOT).equals("authorization")) {
        message = "is given as auth_header";
      }
      if (message == null && signedIn.stream().anyMatch(name::equalsIgnoreCase)) {
        message = "is set by " + AwsSignature.FIELD;
      }
      if (message == null && !seen.add(name)) {
        message = "must be given once only, whatever its case";
      }
      if (message != null) {
        problems.add(CredentialRules.problem(PREFIX + name, message));
      }
    }
    if (seen.size() > HeaderRules.MAX_HEADERS) {
      problems.add(
          CredentialRules.problem(
              FIELD, "must have at most " + HeaderRules.MAX_HEADERS + " entries"));
    }
    if (length(credentials) > MAX_CHARS) {
      problems.add(
          CredentialRules.problem(
              FIELD, "must have at most " + MAX_CHARS + " characters together with auth_header"));
    }
    return problems;
  }

  private static int length(Credentials credentials) {
    int headers =
        names(credentials).stream()
            .mapToInt(name -> credentials.get(PREFIX + name).map(Secret::length).orElse(0))
            .sum();
    return headers + credentials.get("auth_header").map(Secret::length).orElse(0);
  }

  static List<String> names(Credentials credentials) {
    return credentials.entries(FIELD);
  }

  /** The names of all headers that the credential sets, those of a signature too. */
  static List<String> taken(Credentials credentials) {
    List<String> names = credentials.entries(FIELD);
    if (AwsSignature.isIn(credentials)) {
      names.addAll(AwsSignature.HEADERS);
    }
    return names;
  }

  static List<Header> of(Credentials credentials) {
    return names(credentials).stream()
        .map(
            name -> new Header(name, credentials.get(PREFIX + name).orElseThrow().asciiForHeader()))
        .toList();
  }
}
