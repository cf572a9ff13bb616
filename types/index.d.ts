// Every type of the package but RedisCommander, which ../index.d.ts declares. There is no such module to require.

export * from './cluster';
export * from './commander';
export * from './errors';
export * from './events';
export * from './helper';
export * from './manager';
export * from './node-redis';
export * from './options';
export * from './redis';
