import { getClient, getConnection, type NodeRedisClient, type NodeRedisOptions, type Redis } from 'unified-redis';
import { createClient, defineScript } from 'redis';
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
