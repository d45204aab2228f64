// A provider nobody here wrote: the certified npm package `oidc-provider`, on loopback, in memory.
// This file only configures it. Sign-in and consent are the package's own development pages.
//
//   node server.mjs '{"par":"required","accessTokenSeconds":30}'
//
// The first line on standard output is one JSON object: where it listens and where it can be asked
// what it saw. It ends when its standard input closes, so it cannot outlive the test that started
// it. It never prints or reports a token, a code or a cookie.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

// The package prints notices to standard output, which here carries the one line and nothing else.
console.info = console.error;
console.warn = console.error;
const { default: Provider } = await import('oidc-provider');

const settings = {
  // "off", "offered" or "required" (RFC 9126)
  par: 'offered',
  accessTokenSeconds: 3600,
  deviceCodeSeconds: 600,
  // The algorithm ID tokens are signed with: RS256, ES256 or EdDSA.
  signing: 'RS256',
  // 0 listens on any free port.
  port: 0,
  ...JSON.parse(process.argv[2] ?? '{}'),
};

const CLIENT = 'keyfob-cli';
const RESOURCES = new Map([
  ['https://orders.example.com', 'orders:read orders:write'],
  ['https://billing.example.com', 'billing:read'],
]);

function keys() {
  const make = {
    RS256: ['rsa', { modulusLength: 2048 }],
    ES256: ['ec', { namedCurve: 'P-256' }],
    EdDSA: ['ed25519', {}],
  };
  return Object.entries(make).map(([alg, [type, options]]) => ({
    ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }),
    alg,
    kid: `live-${alg.toLowerCase()}`,
    use: 'sig',
  }));
}

// Anyone may sign in; what is said about them follows from the name they typed.
function findAccount(_ctx, sub) {
  return {
    accountId: sub,
    claims: async () => ({
      sub,
      name: `${sub[0].toUpperCase()}${sub.slice(1)} Example`,
      preferred_username: sub,
      email: `${sub}@example.com`,
      email_verified: true,
      groups: ['engineering'],
    }),
  };
}

function getResourceServerInfo(_ctx, resource) {
  const scope = RESOURCES.get(resource);
  if (scope === undefined) {
    throw Object.assign(new Error('invalid_target'), {
      expose: true,
      status: 400,
      statusCode: 400,
      error: 'invalid_target',
      error_description: 'this provider guards no such resource',
    });
  }
  return {
    scope,
    audience: resource,
    accessTokenTTL: settings.accessTokenSeconds,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: settings.signing } },
  };
}

function configuration() {
  return {
    clients: [{
      client_id: CLIENT,
      client_name: 'keyfob',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: [
        'authorization_code',
        'refresh_token',
        'urn:ietf:params:oauth:grant-type:device_code',
      ],
      response_types: ['code'],
      // Loopback redirects of a native client match on any port (RFC 8252 §7.3).
      redirect_uris: ['localhost', '127.0.0.1', '[::1]'].flatMap((host) => [
        `http://${host}/`,
        `http://${host}/callback`,
      ]),
      post_logout_redirect_uris: ['http://localhost/', 'http://127.0.0.1/'],
      id_token_signed_response_alg: settings.signing,
    }],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username', 'groups'],
      email: ['email', 'email_verified'],
    },
    conformIdTokenClaims: false,
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
    features: {
      deviceFlow: { enabled: true },
      introspection: { enabled: true },
      pushedAuthorizationRequests: {
        enabled: settings.par !== 'off',
        requirePushedAuthorizationRequests: settings.par === 'required',
      },
      resourceIndicators: { enabled: true, getResourceServerInfo },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    findAccount,
    jwks: { keys: keys() },
    // Every refresh gives a new refresh token; the old one, shown again, ends the whole grant.
    rotateRefreshToken: true,
    scopes: ['openid', 'offline_access'],
    ttl: {
      AccessToken: settings.accessTokenSeconds,
      DeviceCode: settings.deviceCodeSeconds,
      Grant: 86400,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 86400,
      Session: 86400,
    },
  };
}

// What happened, in the provider's own words: never what was in it.
const OUTCOMES = [
  'authorization.success',
  'authorization.error',
  'device_authorization.success',
  'device_authorization.error',
  'end_session.success',
  'grant.success',
  'grant.error',
  'grant.revoked',
  'introspection.error',
  'pushed_authorization_request.success',
  'pushed_authorization_request.error',
  'revocation.error',
  'server_error',
];

function record(provider) {
  const events = [];
  for (const event of OUTCOMES) {
    provider.on(event, (ctx, second) => {
      const error = second instanceof Error ? second.error ?? second.name : undefined;
      const detail = second instanceof Error ? second.error_description : undefined;
      const grant = event.startsWith('grant.') ? ctx?.oidc?.params?.grant_type : undefined;
      events.push({ event, grant, error, detail });
    });
  }
  provider.use(async (ctx, next) => {
    const answers = { GET: () => events, DELETE: () => events.splice(0) };
    if (ctx.path === '/seen' && ctx.method in answers) {
      ctx.body = answers[ctx.method]();
      return;
    }
    await next();
    if (ctx.oidc?.route === 'revocation' && ctx.status === 200) {
      events.push({ event: 'revocation.success' });
    }
  });
}

const server = createServer();
server.listen(settings.port, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration());
  record(provider);
  server.on('request', provider.callback());
  process.stdout.write(`${JSON.stringify({
    issuer,
    client: CLIENT,
    seen: `${issuer}/seen`,
    resources: [...RESOURCES.keys()],
  })}\n`);
});

process.stdin.on('close', () => process.exit(0));
process.stdin.resume();
