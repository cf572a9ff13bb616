import { getHelper, type Helper, type Redis } from 'unified-redis';
import { expectType } from './expect';

interface Player {
  name: string;
  score: number;
}

const helper = getHelper();
declare const player: Player;
declare const ttl: string | undefined;

expectType<Helper>()(helper);
expectType<Redis>()(helper.getClient());

expectType<Promise<boolean>>()(helper.set('key', 'value'));
expectType<Promise<boolean>>()(helper.set('key', player, 'EX', 60));
expectType<Promise<boolean>>()(helper.set('key', 1, 'EX', '60', 'NX'));
expectType<Promise<boolean>>()(helper.set('key', [1, 2], null, 60));
expectType<Promise<boolean>>()(helper.set(7, null, 'NX'));
// @ts-expect-error undefined cannot be stored
helper.set('key', undefined);
// @ts-expect-error not an option
helper.set('key', 'value', 'KEEPTTL');
// @ts-expect-error a duration, if any
helper.expire('key', ttl);

expectType<Promise<any>>()(helper.get('key'));
expectType<Promise<Player | null>>()(helper.get<Player>('key'));
expectType<Promise<Player | null>>()(helper.hget<Player>('key', 'field'));
expectType<Promise<number>>()(helper.del('key'));
expectType<Promise<number>>()(helper.del(['key', Buffer.from('other')]));
expectType<Promise<boolean>>()(helper.exists('key'));
expectType<Promise<number>>()(helper.expire('key', 60));
expectType<Promise<number>>()(helper.hset('key', 'field', player));
expectType<Promise<Record<string, string>>>()(helper.hgetall('key'));
