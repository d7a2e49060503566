package io.fastyoke.integrations.database;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;

/** The pool of what tenants ask for. */
@Singleton
public class TenantPool implements PgPoolCreator {
  @Override
  public Pool create(Input input) {
    // DATABASE_URL names one host.
    return PgBuilder.pool()
        .with(input.poolOptions())
        .connectingTo(VanishedServer.noticedBy(input.pgConnectOptionsList().get(0)))
        .using(input.vertx())
        .build();
  }
}
