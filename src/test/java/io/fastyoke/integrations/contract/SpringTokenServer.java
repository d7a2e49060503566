package io.fastyoke.integrations.contract;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.config.annotation.web.configurers.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.filter.DelegatingFilterProxy;

/**
 * Spring Authorization Server in Tomcat ({@code /oauth2/token}), and a receiver of its tokens
 * ({@code /api}), which answers 401 to what the server does not know, or no longer takes.
 */
final class SpringTokenServer implements AutoCloseable {
  private final Tomcat tomcat = new Tomcat();
  private final AnnotationConfigWebApplicationContext spring =
      new AnnotationConfigWebApplicationContext();
  private final Granted granted = new Granted();
  private final AtomicInteger refused = new AtomicInteger();

  SpringTokenServer() {
    try {
      Path folder = Files.createTempDirectory("tomcat");
      tomcat.setBaseDir(folder.toString());
      Connector connector = new Connector();
      connector.setPort(0);
      connector.setProperty("address", "127.0.0.1");
      tomcat.setConnector(connector);
      Context context = tomcat.addContext("", folder.toString());
      spring.register(Server.class);
      spring.addBeanFactoryPostProcessor(
          beans -> beans.registerSingleton("authorizations", granted));
      spring.setServletContext(context.getServletContext());
      spring.refresh();
      FilterDef filter = new FilterDef();
      filter.setFilterName("spring");
      filter.setFilter(new DelegatingFilterProxy("springSecurityFilterChain", spring));
      context.addFilterDef(filter);
      FilterMap everything = new FilterMap();
      everything.setFilterName("spring");
      everything.addURLPattern("/*");
      context.addFilterMap(everything);
      Tomcat.addServlet(context, "api", new Receiver());
      // Tomcat calls no filter where there is no servlet.
      context.addServletMappingDecoded("/", "api");
      tomcat.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (LifecycleException e) {
      throw new IllegalStateException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + tomcat.getConnector().getLocalPort();
  }

  /** How many tokens were granted. */
  int tokens() {
    return granted.all.size();
  }

  /** How many calls came with a token that is not taken. */
  int refused() {
    return refused.get();
  }

  /** No token that was granted is taken from now on. */
  void revoke() {
    granted.all.forEach(granted.store::remove);
  }

  @Override
  public void close() {
    try {
      tomcat.stop();
      tomcat.destroy();
      spring.close();
    } catch (LifecycleException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Two clients, one for each way to say who one is. */
  @Configuration(proxyBeanMethods = false)
  @EnableWebSecurity
  static class Server {
    @Bean
    SecurityFilterChain chain(HttpSecurity http) throws Exception {
      OAuth2AuthorizationServerConfigurer server =
          OAuth2AuthorizationServerConfigurer.authorizationServer();
      return http.securityMatcher(server.getEndpointsMatcher())
          .with(server, Customizer.withDefaults())
          .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
          .build();
    }

    @Bean
    RegisteredClientRepository clients() {
      return new InMemoryRegisteredClientRepository(
          client("basic client", ClientAuthenticationMethod.CLIENT_SECRET_BASIC),
          client("body client", ClientAuthenticationMethod.CLIENT_SECRET_POST));
    }

    private static RegisteredClient client(String id, ClientAuthenticationMethod method) {
      return RegisteredClient.withId(id)
          .clientId(id)
          .clientSecret("{noop}" + AuthorizationServerContract.secret(id))
          .clientAuthenticationMethod(method)
          .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
          .scope("orders.read")
          .scope("orders.write")
          .tokenSettings(
              TokenSettings.builder()
                  .accessTokenFormat(OAuth2TokenFormat.REFERENCE)
                  .accessTokenTimeToLive(Duration.ofMinutes(5))
                  .build())
          .build();
    }

    @Bean
    AuthorizationServerSettings settings() {
      return AuthorizationServerSettings.builder().build();
    }
  }

  /** What was granted, also what is no longer taken. */
  private static final class Granted implements OAuth2AuthorizationService {
    private final OAuth2AuthorizationService store = new InMemoryOAuth2AuthorizationService();
    private final List<OAuth2Authorization> all = new CopyOnWriteArrayList<>();

    @Override
    public void save(OAuth2Authorization authorization) {
      store.save(authorization);
      all.add(authorization);
    }

    @Override
    public void remove(OAuth2Authorization authorization) {
      store.remove(authorization);
    }

    @Override
    public OAuth2Authorization findById(String id) {
      return store.findById(id);
    }

    @Override
    public OAuth2Authorization findByToken(String token, OAuth2TokenType type) {
      return store.findByToken(token, type);
    }
  }

  private final class Receiver extends HttpServlet {
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
      String header = String.valueOf(request.getHeader("Authorization"));
      OAuth2Authorization found =
          granted.findByToken(header.replaceFirst("Bearer ", ""), OAuth2TokenType.ACCESS_TOKEN);
      boolean taken = found != null && found.getAccessToken().isActive();
      if (!taken) {
        refused.incrementAndGet();
      }
      response.setStatus(taken ? 200 : 401);
    }
  }
}
