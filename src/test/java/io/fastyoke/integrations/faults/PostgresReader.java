package io.fastyoke.integrations.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fastyoke.integrations.faults.FaultProxy.Verdict;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads PostgreSQL's protocol (version 3, chapter 54) and recognises the engine's own moments in it
 * by the statements it sends, so that a process can be stopped between any two of them with nothing
 * built into it.
 */
final class PostgresReader implements FaultProxy.Reader {
  /** Where the engine stands between two messages. */
  enum Moment {
    /** Runs are inserted, and the transaction's COMMIT is on its way to the server. */
    ACCEPT_COMMITTING,
    /** They are on disk, and the answer is on its way to the service. */
    ACCEPT_COMMITTED,
    /** Due runs are claimed: lease and intent are on disk, and nothing has been sent. */
    CLAIMED,
    /** Runs at a gate are let through: the same, for connections with limits. */
    ADMITTED,
    /** Receivers have answered, and the statement that says so is on its way. */
    OUTCOME_SENT,
    /** It was executed, and its transaction's COMMIT is on its way. */
    OUTCOME_COMMITTING,
    /** Outcomes are on disk, and the answer is on its way to the service. */
    OUTCOME_COMMITTED
  }

  private static final String ACCEPTS = "INSERT INTO action_runs";
  private static final String RECORDS = "WITH closed AS";
  private static final String CLAIMS = "), candidates AS (";
  private static final String ADMITS =
      "UPDATE connection_gates g SET\n    in_flight = g.in_flight +";

  private final Function<Moment, Verdict> witness;
  private final Map<String, String> prepared = new HashMap<>();
  private final List<String> statements = new ArrayList<>();
  private boolean started;
  private boolean inTransaction;
  private boolean claimed;

  PostgresReader(Function<Moment, Verdict> witness) {
    this.witness = witness;
  }

  @Override
  public byte[] fromClient(BufferedInputStream in) throws IOException {
    if (started) {
      return message(in, 1);
    }
    // The first message has no type; none of the others has one of four zero bytes at its head.
    started = true;
    return message(in, 0);
  }

  @Override
  public byte[] fromServer(BufferedInputStream in) throws IOException {
    return message(in, 1);
  }

  private static byte[] message(BufferedInputStream in, int typeLength) throws IOException {
    DataInputStream data = new DataInputStream(in);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    byte[] head = new byte[typeLength + Integer.BYTES];
    try {
      data.readFully(head);
    } catch (EOFException end) {
      return new byte[0];
    }
    message.write(head);
    int length = ByteBuffer.wrap(head, typeLength, Integer.BYTES).getInt();
    byte[] body = new byte[length - Integer.BYTES];
    data.readFully(body);
    message.write(body);
    return message.toByteArray();
  }

  @Override
  public synchronized Verdict clientSays(byte[] message) {
    switch (message[0]) {
      case 'P' -> prepared.put(string(message, 5), string(message, 5 + length(message, 5)));
      case 'B' -> {
        return bound(prepared.getOrDefault(string(message, 5 + length(message, 5)), ""));
      }
      case 'Q' -> {
        return asked(string(message, 5));
      }
      default -> {}
    }
    return Verdict.PASS;
  }

  private Verdict bound(String statement) {
    if (!inTransaction) {
      statements.clear();
    }
    statements.add(statement);
    return statement.contains(RECORDS) ? witness.apply(Moment.OUTCOME_SENT) : Verdict.PASS;
  }

  private Verdict asked(String statement) {
    if (statement.equals("BEGIN")) {
      statements.clear();
      claimed = false;
      inTransaction = true;
    }
    if (statement.equals("COMMIT")) {
      if (has(ACCEPTS)) {
        return witness.apply(Moment.ACCEPT_COMMITTING);
      }
      if (has(RECORDS)) {
        return witness.apply(Moment.OUTCOME_COMMITTING);
      }
    }
    return Verdict.PASS;
  }

  @Override
  public synchronized Verdict serverSays(byte[] message) {
    if (message[0] == 'C') {
      return completed(string(message, 5));
    }
    // A statement of its own is committed when the server is ready for the next one.
    if (message[0] == 'Z' && claimed && !inTransaction) {
      claimed = false;
      return witness.apply(Moment.CLAIMED);
    }
    return Verdict.PASS;
  }

  private Verdict completed(String tag) {
    boolean found = !tag.endsWith(" 0");
    if (found
        && (tag.startsWith("SELECT ") ? has(CLAIMS) : tag.startsWith("UPDATE ") && has(ADMITS))) {
      claimed = true;
    }
    if (tag.equals("ROLLBACK")) {
      inTransaction = false;
      claimed = false;
    }
    if (!tag.equals("COMMIT")) {
      return Verdict.PASS;
    }
    inTransaction = false;
    if (has(ACCEPTS)) {
      return witness.apply(Moment.ACCEPT_COMMITTED);
    }
    if (has(RECORDS)) {
      return witness.apply(Moment.OUTCOME_COMMITTED);
    }
    if (claimed) {
      claimed = false;
      return witness.apply(Moment.ADMITTED);
    }
    return Verdict.PASS;
  }

  private boolean has(String part) {
    return statements.stream().anyMatch(statement -> statement.contains(part));
  }

  private static String string(byte[] message, int from) {
    return new String(message, from, length(message, from) - 1, UTF_8);
  }

  /** With the zero byte at its end. */
  private static int length(byte[] message, int from) {
    int end = from;
    while (message[end] != 0) {
      end++;
    }
    return end - from + 1;
  }
}
