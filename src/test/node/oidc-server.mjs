// A real authorization server (oidc-provider) at /token, and a receiver of its tokens at /api, which answers 401 to what
// the server does not know (any more) and else with what the token may do. DELETE /tokens revokes all. Arguments: the
// life of a token in seconds. Prints its port.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const life = Number(process.argv[2]);
const API = 'https://api.example.com/orders';
const client = (id, method) => ({
  client_id: id,
  client_secret: `hush secret of:${id}/%+`,
  token_endpoint_auth_method: method,
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  scope: 'orders.read orders.write',
});

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [client('basic client', 'client_secret_basic'), client('body client', 'client_secret_post')],
  scopes: ['orders.read', 'orders.write', 'orders.delete'],
  ttl: { ClientCredentials: life },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (ctx, resource) => ({ scope: 'orders.read', audience: resource, accessTokenTTL: life }),
    },
  },
});

const seen = { tokens: 0, calls: 0, refused: 0 };
const granted = new Set();
provider.on('client_credentials.saved', (token) => {
  seen.tokens++;
  granted.add(token.jti);
});

async function api(request, response) {
  seen.calls++;
  const token = await provider.ClientCredentials.find(request.headers.authorization?.replace('Bearer ', ''));
  const good = token && granted.has(token.jti);
  if (!good) seen.refused++;
  response.writeHead(good ? 200 : 401, { 'content-type': 'application/json' });
  response.end(JSON.stringify(good ? { scope: token.scope, aud: token.aud, client: token.clientId } : {}));
}

const callback = provider.callback();
server.on('request', (request, response) => {
  if (request.url.startsWith('/api')) return api(request, response);
  if (request.url === '/seen') return response.end(JSON.stringify(seen));
  if (request.url === '/tokens') {
    granted.clear();
    return response.end();
  }
  return callback(request, response);
});
console.log(`listening ${server.address().port}`);
