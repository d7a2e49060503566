package io.fastyoke.integrations.nativeimage;

import static io.fastyoke.integrations.nativeimage.NativeConfiguration.Members.CONSTRUCTORS;
import static io.fastyoke.integrations.nativeimage.NativeConfiguration.Members.FIELDS;
import static io.fastyoke.integrations.nativeimage.NativeConfiguration.Members.METHODS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The comparison of {@link NativeConfigurationIT} finds what is missing, by name. */
class NativeConfigurationTest {
  private static final EnumSet<NativeConfiguration.Members> ALL =
      EnumSet.allOf(NativeConfiguration.Members.class);

  private final NativeConfiguration configuration = configuration();

  private static NativeConfiguration configuration() {
    ObjectMapper json = new ObjectMapper();
    try {
      return new NativeConfiguration(
          json.readTree(
              """
              [{"name":"a.Whole","allDeclaredConstructors":true,"allDeclaredMethods":true,
                "allDeclaredFields":true},
               {"name":"a.InTwo","allDeclaredConstructors":true,"allDeclaredMethods":true},
               {"name":"a.InTwo","allDeclaredFields":true},
               {"name":"a.Made","methods":[{"name":"<init>","parameterTypes":["int"]}]},
               {"name":"a.Read","allDeclaredFields":true,"allDeclaredMethods":false}]
              """),
          json.readTree(
              """
              {"resources":{"includes":[{"pattern":"\\\\Qx/a.sql\\\\E"},
               {"pattern":"providers/[^/]*\\\\.json"}]}}
              """));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsRegisteredIsNotMissing() {
    assertThat(configuration.missing(List.of("a.Whole", "a.InTwo"), ALL)).isEmpty();
    assertThat(configuration.missing(List.of("a.Made"), EnumSet.of(CONSTRUCTORS))).isEmpty();
  }

  @Test
  void aClassThatIsNotRegisteredIsNamed() {
    assertThat(configuration.missing(List.of("a.Whole", "a.RunPlan"), EnumSet.of(METHODS)))
        .containsExactly("a.RunPlan [METHODS]");
  }

  @Test
  void aClassThatIsRegisteredInPartIsNamedWithTheRest() {
    assertThat(configuration.missing(List.of("a.Read", "a.Made"), ALL))
        .containsExactly("a.Made [METHODS, FIELDS]", "a.Read [CONSTRUCTORS, METHODS]");
    assertThat(configuration.missing(List.of("a.Read"), EnumSet.of(FIELDS))).isEmpty();
  }

  @Test
  void aResourceThatNoPatternMatchesIsNamed() {
    assertThat(
            configuration.missingResources(
                List.of("x/a.sql", "x/a_sql", "providers/x.json", "providers/x/y.json")))
        .containsExactly("providers/x/y.json", "x/a_sql");
  }
}
