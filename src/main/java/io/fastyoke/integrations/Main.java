package io.fastyoke.integrations;

import io.fastyoke.integrations.database.Database;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the service: first the database it needs, then everything else. */
@QuarkusMain
public final class Main {
  /** For the container, which makes a bean of every main class. */
  Main() {}

  public static void main(String... args) {
    if (!Database.prepare()) {
      System.exit(1);
    }
    Quarkus.run(args);
  }
}
