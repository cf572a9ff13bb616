/// <reference types="node" />

/** A client in the dialect of the application's `redis` package. It connects by itself when it is first used. */
declare const redis: any;

declare const configuration: {
  readonly redis: typeof redis;
  /** The same as `redis`. */
  readonly client: typeof redis;
  getClient(): typeof redis;
};

export = configuration;
