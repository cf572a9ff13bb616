/// <reference types="node" />

import type { Helper, Redis } from '..';

/** The helper functions, and the client that they use. It connects by itself when it is first used. */
declare const configuration: Readonly<Helper> & {
  readonly redis: Redis;
  /** The same as `redis`. */
  readonly client: Redis;
};

export = configuration;
