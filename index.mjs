import manager from './index.js';

export default manager;

// What changes (connections, isInitialized, stats) is to be had from the manager only: an export would be a snapshot.
export const {
  initialize,
  getConnection,
  getClient,
  getHelper,
  healthCheck,
  getStats,
  startMonitoring,
  stopMonitoring,
  setupGracefulShutdown,
  cleanup,
  assertNoLeaks,
  ReplyError,
  UnifiedRedisError,
  UnifiedRedisManager,
} = manager;
