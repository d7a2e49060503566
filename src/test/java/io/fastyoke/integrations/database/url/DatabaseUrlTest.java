package io.fastyoke.integrations.database.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What libpq makes of a connection URI (PostgreSQL 34.1.1.2), and what is refused. */
class DatabaseUrlTest {
  @TempDir static Path folder;

  /** URI, places, user, password, database; as {@code psql} understands them. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          postgres://u:p@h:5433/d, h:5433, u, p, d
          postgresql://u:p@h/d, h:5432, u, p, d
          postgres://u@h, h:5432, u, -, u
          postgres://u:@h/d, h:5432, u, -, d
          postgres://u:p@my_db:5432/x, my_db:5432, u, p, x
          postgres://u:p@db.my-team_1.internal/x, db.my-team_1.internal:5432, u, p, x
          postgres://u:p#1@h/x, h:5432, u, p#1, x
          postgres://u:p?1@h/x, h:5432, u, p?1, x
          postgres://u:p%231@h/x, h:5432, u, p#1, x
          postgres://u%40corp:p%2F%3A%3F%25@h/x, h:5432, u@corp, p/:?%, x
          postgres://u:a:b@h/x, h:5432, u, a:b, x
          postgres://u:a+b@h/x+y, h:5432, u, a+b, x+y
          postgres://u:%C3%BC@h/x%20y, h:5432, u, ü, x y
          postgres://u:p@[::1]/x, [::1]:5432, u, p, x
          postgres://u:p@[2001:db8::1]:6432/x, [2001:db8::1]:6432, u, p, x
          postgres://u:p@%2Fvar%2Frun%2Fpostgresql/x, /var/run/postgresql/.s.PGSQL.5432, u, p, x
          postgres:///x?host=/tmp/pg&port=5499&user=u, /tmp/pg/.s.PGSQL.5499, u, -, x
          postgres://u:p@/x?host=/cloudsql/project:region:db, /cloudsql/project:region:db/.s.PGSQL.5432, u, p, x
          postgres://h/db?user=app&password=pw, h:5432, app, pw, db
          postgres://old:old@old/old?host=h&port=6432&user=app&password=p%26w&dbname=new, h:6432, app, p&w, new
          postgres://?host=h&dbname=d&user=u, h:5432, u, -, d
          postgres://h?user=u, h:5432, u, -, u
          """)
  void isReadAsLibpqReadsIt(
      String uri, String places, String user, String password, String database) {
    DatabaseUrl url = DatabaseUrl.parse(uri);
    assertThat(url.hostList()).isEqualTo(places);
    assertThat(url.user()).isEqualTo(user);
    assertThat(url.password()).isEqualTo(password);
    assertThat(url.database()).isEqualTo(database);
    assertThat(url.toString()).doesNotContain(":" + password + "@");
  }

  @Test
  void severalHosts() {
    DatabaseUrl url =
        DatabaseUrl.parse("postgres://u:p@a_1:5433,b,[::1]:5434/d?target_session_attrs=read-write");
    assertThat(url.hostList()).isEqualTo("a_1:5433,b:5432,[::1]:5434");
    assertThat(url.mustBeWritable()).isTrue();
    assertThat(DatabaseUrl.parse("postgres:///d?host=a,b&port=5433").hostList())
        .isEqualTo("a:5433,b:5433");
    assertThat(DatabaseUrl.parse("postgres:///d?host=a,b&port=1,2").hostList())
        .isEqualTo("a:1,b:2");
  }

  /** URI, and what the line names. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mysql://u:p@h/x | must start with postgres://
          jdbc:postgresql://h/x | it is a JDBC URL
          "postgres://u:p@h/x" | it is in quotes
          host=h user=u | must start with postgres://
          postgres:///x | it names no host
          postgres://u:sec@ret@h/x | there is an @ too many
          postgres://u:sec/ret@h/x | write / as %2F
          postgres://u:sec%ret@h/x | write % as %25
          postgres://u:sec%0@h/x | write % as %25
          postgres://u:sec ret@h/x | write a blank as %20
          postgres://u:p@h:0/x | no port from 1 to 65535
          postgres://u:p@h:65536/x | no port from 1 to 65535
          postgres://u:p@::1/x | an IPv6 address needs brackets
          postgres://u:p@[::1/x | is not closed
          postgres://u:p@a,,b/x | one of its hosts has no name
          postgres://u:p@a:1,b:2/x?port=1,2,3 | names 2 hosts and 3 ports
          postgres:///x?host=/a,/b | next to other hosts
          postgres:///x?host=@abstract | an abstract Unix socket
          postgres://h/x?sslmode=on | its sslmode is none of disable, allow, prefer, require, verify-ca, verify-full
          postgres://h/x?sslmode=verify-full&sslrootcert=/none.pem | cannot be read: /none.pem
          postgres://h/x?sslmode=require&sslrootcert=system | sslrootcert=system goes with sslmode=verify-full
          postgres://h/x?target_session_attrs=standby | target_session_attrs=standby would not do
          postgres://h/x?target_session_attrs=best | target_session_attrs is none of
          postgres://h/x?sslcert=a.pem | the parameter sslcert is not supported
          postgres://h/x?hostaddr=10.0.0.1 | the parameter hostaddr is not supported
          postgres://h/x?service=main | the parameter service is not supported
          postgres://h/x?gssencmode=require | the parameter gssencmode
          postgres://h/x?sslnegotiation=direct | the parameter sslnegotiation
          postgres://h/x?require_auth=scram-sha-256 | the parameter require_auth is not supported
          postgres://h/x?sslmode | has no value
          """)
  void whatIsNotSupportedIsNamed(String uri, String reason) {
    assertThatThrownBy(() -> DatabaseUrl.parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("DATABASE_URL cannot be used: ")
        .hasMessageContaining(reason)
        .hasMessageNotContainingAny("sec", "ret@");
  }

  /** sslmode, whether a root certificate is given, and what comes of it (libpq, 34.19). */
  @ParameterizedTest
  @CsvSource({
    "disable, false, DISABLE",
    "allow, false, ALLOW",
    "prefer, false, PREFER",
    "require, false, REQUIRE",
    "require, true, VERIFY_CA",
    "verify-ca, true, VERIFY_CA",
    "verify-full, true, VERIFY_FULL"
  })
  void tls(String mode, boolean roots, TlsMode.Mode expected) throws IOException {
    Path file = Files.writeString(folder.resolve("roots.pem"), "not read here");
    String uri = "postgres://h/x?sslmode=" + mode + (roots ? "&sslrootcert=" + file : "");
    DatabaseUrl url = DatabaseUrl.parse(uri);
    assertThat(url.tls().mode()).isEqualTo(expected);
    assertThat(url.tls().roots()).isEqualTo(roots ? file.toString() : null);
    assertThat(JdbcUrl.of(url)).contains("sslmode=" + expected.word());
  }

  @Test
  void tlsByDefaultAndWithTheSystemsAuthorities() {
    assertThat(DatabaseUrl.parse("postgres://h/x").tls().mode()).isEqualTo(TlsMode.Mode.PREFER);
    assertThat(DatabaseUrl.parse("postgres://h/x?ssl=true").tls().mode())
        .isEqualTo(TlsMode.Mode.REQUIRE);
    for (String words : new String[] {"", "&sslmode=verify-full"}) {
      DatabaseUrl url = DatabaseUrl.parse("postgres://h/x?sslrootcert=system" + words);
      assertThat(url.tls()).isEqualTo(new TlsMode(TlsMode.Mode.VERIFY_FULL, TlsMode.SYSTEM));
      assertThat(JdbcUrl.of(url)).contains("sslmode=verify-full", "DefaultJavaSSLFactory");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify-ca", "verify-full"})
  void aProofNeedsAnAuthority(String mode) {
    assertThatThrownBy(() -> DatabaseUrl.parse("postgres://h/x?sslmode=" + mode))
        .hasMessageContaining("sslmode=" + mode + " needs the authority")
        .hasMessageContaining("sslrootcert=");
  }

  @Test
  void whatIsNotKnownIsCollected() {
    DatabaseUrl url =
        DatabaseUrl.parse(
            "postgres://h/x?pgbouncer=true&connection_limit=3&connect_timeout=10&options=-c%20a%3Db"
                + "&application_name=fastyoke&channel_binding=require&gssencmode=disable");
    assertThat(url.notUsed()).containsExactly("connection_limit", "pgbouncer");
    assertThat(url.session())
        .containsOnly(
            java.util.Map.entry("options", "-c a=b"),
            java.util.Map.entry("application_name", "fastyoke"));
    assertThat(url.bound()).isTrue();
    assertThat(JdbcUrl.of(url))
        .contains("options=-c+a%3Db", "ApplicationName=fastyoke", "channelBinding=require");
  }

  @Test
  void jdbcGetsTheSame() {
    assertThat(JdbcUrl.of(DatabaseUrl.parse("postgres://u:p@a_b:1,[::1]:2/x%2Fy?sslmode=disable")))
        .startsWith("jdbc:postgresql://a_b:1,[::1]:2/x%2Fy?sslmode=disable")
        .contains("targetServerType=primary")
        .doesNotContain("password");
    assertThat(JdbcUrl.of(DatabaseUrl.parse("postgres://h/x?host=/tmp/a%20b")))
        .contains("socketFactory=", "%2Ftmp%2Fa+b%2F.s.PGSQL.5432", "sslmode=disable");
  }
}
