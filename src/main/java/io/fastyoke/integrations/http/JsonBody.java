package io.fastyoke.integrations.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Turns whatever is wrong with a JSON body into an answer that names the field, not the value. */
@Provider
class JsonBody implements ReaderInterceptor {
  private final PlainText plainText;

  JsonBody(PlainText plainText) {
    this.plainText = plainText;
  }

  @Override
  public Object aroundReadFrom(ReaderInterceptorContext context) {
    Object body = read(context);
    if (body == null) {
      throw ApiException.of(400, "malformed_json", "A JSON body is required.");
    }
    return body;
  }

  private Object read(ReaderInterceptorContext context) {
    try {
      byte[] bytes = context.getInputStream().readAllBytes();
      plainText.check(bytes);
      context.setInputStream(new ByteArrayInputStream(bytes));
      return context.proceed();
    } catch (JsonProcessingException e) {
      throw JsonProblems.toApi(e);
    } catch (WebApplicationException e) {
      throw e.getCause() instanceof JsonProcessingException cause ? JsonProblems.toApi(cause) : e;
    } catch (IOException e) {
      // Not even characters.
      throw JsonProblems.malformed("The body is not JSON in UTF-8.");
    }
  }
}
