package io.fastyoke.integrations;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** The one source of the time of day; tests replace it. */
@Dependent
class Clocks {
  @Produces
  @Singleton
  InstantSource system() {
    return InstantSource.system();
  }
}
