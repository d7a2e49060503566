package io.fastyoke.integrations.nativeimage;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.ObjectInputStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

/**
 * What a native executable can only do when it is told beforehand is done in few places of our own
 * code, and each of them is held by something.
 */
@AnalyzeClasses(packages = "io.fastyoke.integrations", importOptions = DoNotIncludeTests.class)
class ReflectionTest {
  private static final String ROOT = "io.fastyoke.integrations.";

  /** Who reaches something by its name, and how it is known to work natively. */
  private static final Map<String, String> REACHES_BY_NAME =
      Map.of(
          ROOT + "StopSignal", "reachability-metadata.json; ShutdownIT",
          ROOT + "commands.Version", "NativeConfigurationIT, resources; StartIT",
          ROOT + "database.CurrentSchema", "NativeConfigurationIT, resources",
          ROOT + "database.FirstConnection", "a constant, which GraalVM follows; DatabaseAddressIT",
          ROOT + "providers.description.Descriptions", "NativeConfigurationIT, resources");

  /** Who has a mapper of its own, beside the one whose classes are recorded. */
  private static final Map<String, String> OWN_MAPPERS =
      Map.of(
          ROOT + "providers.description.Descriptions",
              "of ProviderDescription, which GET /providers shows too",
          ROOT + "providers.OutgoingJson", "of trees",
          ROOT + "templating.Json", "of trees");

  private static final Pattern BY_NAME =
      Pattern.compile(
          "forName|getResource|getResourceAsStream|getResources"
              + "|get(Declared)?(Method|Field|Constructor)s?");

  @ArchTest
  static final ArchRule FEW_REACH_ANYTHING_BY_NAME =
      noClasses()
          .that(describe("are not known", type -> !REACHES_BY_NAME.containsKey(top(type))))
          .should()
          .callMethodWhere(reachesByName())
          .because("a native executable has what it was told of; see docs/native.md");

  @ArchTest
  static final ArchRule FEW_HAVE_A_MAPPER_OF_THEIR_OWN =
      noClasses()
          .that(describe("are not known", type -> !OWN_MAPPERS.containsKey(top(type))))
          .should()
          .callCodeUnitWhere(makesAMapper())
          .because("JsonRecorder sees the classes of the shared mapper and its copies only");

  @ArchTest
  static final ArchRule NOTHING_IS_NATIVE_CODE =
      classes().should(haveNoNativeMethod()).because("a native executable has to be told of JNI");

  private static String top(JavaClass type) {
    return type.getName().replaceFirst("\\$.*", "");
  }

  private static DescribedPredicate<JavaCall<?>> reachesByName() {
    return describe(
        "reach something by name",
        call -> {
          AccessTarget.CodeUnitCallTarget target = call.getTarget();
          JavaClass owner = target.getOwner();
          return owner.isEquivalentTo(ServiceLoader.class)
              || owner.isEquivalentTo(Proxy.class)
              || owner.isEquivalentTo(ResourceBundle.class)
              || owner.isEquivalentTo(ObjectInputStream.class)
              || owner.isEquivalentTo(MethodHandles.Lookup.class)
              || owner.isEquivalentTo(System.class) && target.getName().startsWith("load")
              || (owner.isEquivalentTo(Class.class) || owner.isAssignableTo(ClassLoader.class))
                  && BY_NAME.matcher(target.getName()).matches();
        });
  }

  private static DescribedPredicate<JavaCall<?>> makesAMapper() {
    return describe(
        "make a mapper",
        call ->
            call.getTarget().getOwner().isAssignableTo(ObjectMapper.class)
                && call.getTarget().getName().matches("<init>|builder"));
  }

  private static ArchCondition<JavaClass> haveNoNativeMethod() {
    return new ArchCondition<>("have no native method") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getMethods().stream()
            .filter(method -> method.getModifiers().contains(JavaModifier.NATIVE))
            .forEach(m -> events.add(SimpleConditionEvent.violated(m, m.getFullName())));
      }
    };
  }
}
