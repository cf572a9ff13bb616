// What `import ... from 'unified-redis'` gives: the manager as the default, its methods and the classes by name.

import unifiedRedis = require('./index.js');

export default unifiedRedis;
export type { RedisCommander } from './index.js';
export * from './types/index.js';

export declare const initialize: typeof unifiedRedis.initialize;
export declare const getConnection: typeof unifiedRedis.getConnection;
export declare const getClient: typeof unifiedRedis.getClient;
export declare const getHelper: typeof unifiedRedis.getHelper;
export declare const healthCheck: typeof unifiedRedis.healthCheck;
export declare const getStats: typeof unifiedRedis.getStats;
export declare const startMonitoring: typeof unifiedRedis.startMonitoring;
export declare const stopMonitoring: typeof unifiedRedis.stopMonitoring;
export declare const setupGracefulShutdown: typeof unifiedRedis.setupGracefulShutdown;
export declare const cleanup: typeof unifiedRedis.cleanup;
export declare const assertNoLeaks: typeof unifiedRedis.assertNoLeaks;
