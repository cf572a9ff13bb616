'use strict';

/**
 * `unified-redis/iam`: credentials of Amazon ElastiCache by IAM, for the option `credentialsProvider`.
 *
 * A token is the URL of a signed request that is never sent, without its scheme. It opens connections for 15 minutes, and
 * a connection lives for 12 hours, unless it is authenticated again before.
 * Source: <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html>
 */

const { UnifiedRedisError, invalidOption } = require('./errors');

/** How long a token opens connections, s. */
const TOKEN_SECONDS = 900;

/** How long the server keeps a connection that was opened with one, ms. */
const SESSION_MS = 12 * 3600 * 1000;

/** Clocks differ, and a token that has just ended opens nothing. */
const MARGIN_MS = 60_000;

/** What signs: well-kept packages of AWS, which only those install who need them. */
const PACKAGES = /** @type {const} */ ({
  signer: '@smithy/signature-v4',
  hash: '@aws-crypto/sha256-js',
  credentials: '@aws-sdk/credential-providers',
});

/**
 * @typedef {object} ElastiCacheIamOptions
 * @property {string} userId the ElastiCache user, whose id and name are the same for IAM
 * @property {string} cacheName name of the serverless cache, or id of the replication group
 * @property {string} region for example `eu-central-1`
 * @property {boolean} [serverless] whether it is a serverless cache
 * @property {AwsCredentials | (() => Promise<AwsCredentials>)} [credentials] default: as any AWS SDK finds them
 *   (environment, profiles, container and instance roles)
 *
 * @typedef {{ accessKeyId: string, secretAccessKey: string, sessionToken?: string, expiration?: Date }} AwsCredentials
 */

/**
 * A `credentialsProvider` for ElastiCache with IAM. TLS is on by default, and has to be: ElastiCache demands it.
 *
 * @param {ElastiCacheIamOptions} options
 * @returns {() => Promise<{ username: string, password: string, expiresAt: Date, sessionTtl: number }>}
 * @throws {TypeError} INVALID_OPTION
 */
function elastiCacheIam(options) {
  const { userId, cacheName, region, serverless = false, credentials } = options ?? {};
  for (const [name, value] of Object.entries({ userId, cacheName, region })) {
    if (typeof value !== 'string' || value === '') throw invalidOption(name, value, 'a non-empty string');
  }
  if (typeof serverless !== 'boolean') throw invalidOption('serverless', serverless, 'true or false');
  /** @type {any} */
  let signer;
  return async () => {
    signer ??= createSigner(region, credentials);
    const signedAt = new Date();
    const query = {
      Action: 'connect',
      User: userId,
      ...(serverless && { ResourceType: 'ServerlessCache' }),
    };
    // The server knows its name in lower case only.
    const hostname = cacheName.toLowerCase();
    const request = { method: 'GET', protocol: 'http:', hostname, path: '/', query, headers: { host: hostname } };
    const signed = await signer.presign(request, { expiresIn: TOKEN_SECONDS, signingDate: signedAt });
    return {
      username: userId,
      password: `${hostname}/?${textOf(signed.query)}`,
      expiresAt: new Date(signedAt.getTime() + TOKEN_SECONDS * 1000 - MARGIN_MS),
      sessionTtl: SESSION_MS,
    };
  };
}

/**
 * @param {string} region
 * @param {ElastiCacheIamOptions['credentials']} credentials
 */
function createSigner(region, credentials) {
  const { SignatureV4 } = load(PACKAGES.signer);
  const { Sha256 } = load(PACKAGES.hash);
  return new SignatureV4({
    service: 'elasticache',
    region,
    sha256: Sha256,
    credentials: credentials ?? load(PACKAGES.credentials).fromNodeProviderChain(),
  });
}

/**
 * @param {string} name
 * @returns {any}
 */
function load(name) {
  try {
    return require(name);
  } catch (cause) {
    const all = Object.values(PACKAGES).join(' ');
    const message = `unified-redis/iam needs ${name}, which is not installed: npm install ${all}`;
    throw new UnifiedRedisError('UNSUPPORTED', message, { cause });
  }
}

/**
 * The query as it was signed: RFC 3986 leaves fewer characters as they are than `encodeURIComponent` does.
 *
 * @param {Record<string, string>} query
 */
function textOf(query) {
  return Object.keys(query)
    .sort()
    .map((name) => `${encode(name)}=${encode(query[name])}`)
    .join('&');
}

/** @param {string} text */
function encode(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

module.exports = { elastiCacheIam };
