import type { Credentials } from './options';

/** Keys of AWS. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
  expiration?: Date | undefined;
}

export interface ElastiCacheIamOptions {
  /** The ElastiCache user, whose id and name are the same for IAM. */
  userId: string;
  /** Name of the serverless cache, or id of the replication group. */
  cacheName: string;
  /** For example `eu-central-1`. */
  region: string;
  /** Whether it is a serverless cache. @default false */
  serverless?: boolean | undefined;
  /** @default as any AWS SDK finds them: environment, profiles, container and instance roles */
  credentials?: AwsCredentials | (() => Promise<AwsCredentials>) | undefined;
}

/**
 * A `credentialsProvider` for Amazon ElastiCache with IAM: tokens that open connections for 15 minutes, and connections
 * that are authenticated again before their 12 hours end. Needs `@smithy/signature-v4`, `@aws-crypto/sha256-js` and
 * `@aws-sdk/credential-providers`.
 */
export function elastiCacheIam(
  options: ElastiCacheIamOptions,
): () => Promise<Credentials & { username: string; expiresAt: Date; sessionTtl: number }>;
