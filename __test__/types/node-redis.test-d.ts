import {
  getClient,
  getConnection,
  type NodeRedisClient,
  type NodeRedisCluster,
  type NodeRedisOptions,
  type NodeRedisSentinel,
  type Redis,
} from 'unified-redis';
import { createClient, createCluster, createSentinel, defineScript } from 'redis';
import { expectType } from './expect';

// The types are those of the package itself.
const client = getConnection('main', { dialect: 'node-redis' });
expectType<NodeRedisClient>()(client);
const theirs: ReturnType<typeof createClient<{}, {}, {}>> = client;
const ours: NodeRedisClient = theirs;
expectType<Promise<string | null>>()(client.get('key'));
expectType<Promise<number>>()(client.zAdd('key', { score: 1, value: 'a' }));
expectType<Promise<number>>()(client.zAdd(Buffer.from('key'), [{ score: 1, value: 'a' }]));
expectType<Promise<void>>()(client.subscribe('channel', (message: string) => void message));
expectType<boolean>()(client.isReady);
expectType<typeof client>()(client.duplicate());
void client.json.get('key');
// @ts-expect-error not a command
void client.getAll('key');
// @ts-expect-error the package takes strings
void client.set('key', {});

// Scripts bring their methods along.
const append = defineScript({
  SCRIPT: 'return ARGV[1]',
  NUMBER_OF_KEYS: 1,
  parseCommand(parser, key: string, value: string) {
    parser.pushKey(key);
    parser.push(value);
  },
  transformReply: (reply: unknown) => String(reply),
});
const scripted = getClient('websocket', { scripts: { append } });
void scripted.append('key', 'value');
// @ts-expect-error the script takes a key and a value
void scripted.append(1);

expectType<NodeRedisClient>()(getClient());
expectType<Redis>()(getConnection('main', { dialect: 'ioredis' }));
expectType<Redis>()(getConnection('main', {}));
const options: NodeRedisOptions = { dialect: 'node-redis', version: 5, RESP: 2 };
expectType<NodeRedisClient>()(getConnection(undefined, options));
// @ts-expect-error no such version
getClient('main', { version: 3 });
void ours;
// @ts-expect-error no such dialect
getConnection('main', { dialect: 'redis' });

// Code for clusters and Sentinel has the types that it was written with.
const cluster = getClient('main', { rootNodes: [{ url: 'redis://a:1' }], useReplicas: true });
expectType<NodeRedisCluster>()(cluster);
const theirCluster: ReturnType<typeof createCluster<{}, {}, {}>> = cluster;
expectType<Promise<string | null>>()(cluster.get('key'));
expectType<string[]>()(cluster.masters.map(({ address }) => address));
void cluster.sendCommand('key', true, ['GET', 'key']);
void cluster.multi('key').get('key').exec();
void cluster.nodeClient(cluster.slots[0].master);
// @ts-expect-error that is the form of a client
void cluster.sendCommand(['GET', 'key']);
const sentinel = getClient('main', { sentinelRootNodes: [] });
expectType<NodeRedisSentinel>()(sentinel);
const theirSentinel: ReturnType<typeof createSentinel<{}, {}, {}>> = sentinel;
expectType<Promise<string | null>>()(sentinel.use(async (own) => (await own.watch('key'), own.get('key'))));
const ofScripts = getClient('main', { rootNodes: [], scripts: { append } });
void ofScripts.append('key', 'value');
void [theirCluster, theirSentinel];
