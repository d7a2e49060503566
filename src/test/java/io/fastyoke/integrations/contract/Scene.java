package io.fastyoke.integrations.contract;

import io.fastyoke.integrations.contract.Document.Operation;
import io.fastyoke.integrations.identity.Jwts;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.UUID;

/** A tenant with one of everything, whose ids stand in for those of the description's examples. */
record Scene(Api api, String connection, String run) {
  private static final String EXAMPLE_CONNECTION = "01a20b6d-a327-7000-9428-3d92ba9e2cab";
  private static final String EXAMPLE_RUN = "01a20b6f-4adf-7001-94fb-eb45985291da";

  /** The run has failed at its first action and skipped the second. */
  static Scene fresh() {
    Api api = Api.fresh();
    String connection = api.rest();
    String run =
        api.fire(Api.action(connection, "/status/500"), Api.action(connection, "/after"))
            .then()
            .statusCode(200)
            .extract()
            .path("id");
    return new Scene(api, connection, run);
  }

  static String superAdmin() {
    return Jwts.of(Jwts.claims("\"role\":\"super_admin\""));
  }

  /** Whoever the operation is for. */
  String token(Operation operation) {
    return operation.isPlatform() ? superAdmin() : Jwts.admin(api.tenant());
  }

  /** The address with this scene's ids. */
  String address(Operation operation) {
    return address(operation, operation.path().contains("/connections/") ? connection : run);
  }

  static String address(Operation operation, String id) {
    return operation.path().replace("{id}", id);
  }

  /** An example with this scene's ids, and names that are not taken yet. */
  String real(String example) {
    String text = example.replace(EXAMPLE_CONNECTION, connection).replace(EXAMPLE_RUN, run);
    return text.replaceAll(
        "\"connection_name\":\"([^\"]*)\"", "\"connection_name\":\"$1 " + UUID.randomUUID() + "\"");
  }

  /** A request as the right caller, without a body. */
  RequestSpecification as(Operation operation) {
    return with(token(operation));
  }

  static RequestSpecification with(String token) {
    return RestAssured.given().urlEncodingEnabled(false).header("Authorization", "Bearer " + token);
  }

  /** Sends it with the first of its examples, where it takes a body. */
  Response send(Document document, Operation operation, String token, String address) {
    RequestSpecification request = with(token);
    if (operation.takesBody()) {
      Map<String, com.fasterxml.jackson.databind.JsonNode> examples =
          document.examples(Document.content(operation.node().path("requestBody")));
      request
          .contentType("application/json")
          .body(real(examples.values().iterator().next().toString()));
    }
    return request.request(operation.method(), address);
  }
}
