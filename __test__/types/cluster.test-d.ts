import unifiedRedis, {
  getConnection,
  getStats,
  initialize,
  type Cluster,
  type ClusterNode,
  type ClusterOptions,
  type NodeErrorEvent,
  type Redis,
} from 'unified-redis';
import { expectReply, expectType } from './expect';

initialize({ cluster: { nodes: ['cache.example.org:6379'] } });
initialize({ cluster: 'a:1,b:2' });
initialize({
  cluster: {
    nodes: ['a:1', 7000, { host: 'c', port: '1' }, 'rediss://user:secret@d:1'],
    scaleReads: (nodes, command) => nodes.filter(({ options }) => options.readOnly || command.name !== 'get'),
    natMap: { '10.0.0.1:6379': { host: 'b', port: 2 } },
    redisOptions: { tls: {}, password: 'x', connectTimeout: 1000 },
    clusterRetryStrategy: (times) => times * 100,
    dnsLookup: (address, callback) => callback(null, address),
    slotsRefreshInterval: 0,
  },
});
const options: ClusterOptions = { nodes: [], scaleReads: 'nearest', availabilityZone: 'eu-central-1a' };
initialize({ cluster: options, password: 'x' });
// @ts-expect-error nodes are needed
initialize({ cluster: {} });
// @ts-expect-error not a role
initialize({ cluster: { nodes: [], scaleReads: 'slaves' } });
// @ts-expect-error there is one address for each node
initialize({ cluster: { nodes: [], redisOptions: { host: 'a' } } });

const redis = getConnection();
if (redis.isCluster) {
  const cluster = redis as Cluster;
  expectType<Redis[]>()(cluster.nodes());
  expectType<Redis[]>()(cluster.nodes('master'));
  expectReply<string | null>()(cluster.nodes('slave')[0].get('a'));
  expectType<string[][]>()(cluster.slots);
  // @ts-expect-error not a role
  cluster.nodes('masters');
}
expectType<Redis[] | undefined>()(redis.nodes?.('all'));
expectType<Redis>()(redis.duplicate([], { redisOptions: { maxRetriesPerRequest: null }, scaleReads: 'master' }));
expectType<Redis>()(redis.duplicate(undefined, { redisOptions: { keyPrefix: 'a:' } }));

redis.on('+node', (node) => expectType<Redis>()(node));
redis.on('node error', (error, address) => {
  expectType<Error>()(error);
  expectType<string>()(address);
});
unifiedRedis.on('node error', (event) => expectType<NodeErrorEvent>()(event));
expectType<ClusterNode[] | undefined>()(getStats().cluster?.nodes);
expectType<number | undefined>()(getStats().cluster?.sockets.bound);
