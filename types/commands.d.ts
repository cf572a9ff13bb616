// Generated from scripts/types/commands.spec by `npm run types`. Do not edit.

import type { Callback, ClientContext, RedisKey, RedisValue, Result } from './commander';

type Numeric = number | string;
/** The arguments of a command, and with a callback behind them. */
type Args<Arguments extends unknown[], Reply> = Arguments | [...Arguments, callback: Callback<Reply>];
type Expiry = [option: 'EX' | 'PX' | 'EXAT' | 'PXAT', value: Numeric];
type Limit = [limit: 'LIMIT', offset: Numeric, count: Numeric];
type Count = [count: 'COUNT', count: Numeric];
type Scan = [...options: [] | [match: 'MATCH', pattern: RedisKey] | [match: 'MATCH', pattern: RedisKey, count: 'COUNT', count: Numeric] | [count: 'COUNT', count: Numeric] | [count: 'COUNT', count: Numeric, match: 'MATCH', pattern: RedisKey]];
type ManyFields = [...fields: RedisValue[]] | [fields: readonly RedisValue[]];
type Fields = [fields: 'FIELDS', numfields: Numeric, ...fields: ManyFields];
type ManyIds = [...ids: RedisValue[]] | [ids: readonly RedisValue[]];
type Ids = [ids: 'IDS', numids: Numeric, ...ids: ManyIds];
type Geo = [...option: [frommember: 'FROMMEMBER', member: RedisValue] | [fromlonlat: 'FROMLONLAT', longitude: Numeric, latitude: Numeric], ...option: [byradius: 'BYRADIUS', radius: Numeric, unit: 'M' | 'KM' | 'FT' | 'MI'] | [bybox: 'BYBOX', width: Numeric, height: Numeric, unit: 'M' | 'KM' | 'FT' | 'MI'], ...option: [] | [option: 'ASC' | 'DESC'], ...option: [] | [count: 'COUNT', count: Numeric, ...option: [] | [any: 'ANY']]];
type ManyArgs = [...args: RedisValue[]] | [args: readonly RedisValue[]];
type ManyKeys = [...keys: RedisKey[]] | [keys: readonly RedisKey[]];
type ManyKeysAndValues = [...keysAndValues: RedisValue[]] | [keysAndValues: readonly RedisValue[]];
type ManyElements = [...elements: RedisValue[]] | [elements: readonly RedisValue[]];
type ManyPatterns = [...patterns: RedisKey[]] | [patterns: readonly RedisKey[]];
type ManyValues = [...values: RedisValue[]] | [values: readonly RedisValue[]];
type ManyFieldsAndValues = [...fieldsAndValues: RedisValue[]] | [fieldsAndValues: readonly RedisValue[]];
type ManyMembers = [...members: RedisValue[]] | [members: readonly RedisValue[]];
type ManyScoresAndMembers = [...scoresAndMembers: RedisValue[]] | [scoresAndMembers: readonly RedisValue[]];
type ManyKeysAndWeights = [...keysAndWeights: RedisValue[]] | [keysAndWeights: readonly RedisValue[]];
type ManyKeysAndIds = [...keysAndIds: RedisValue[]] | [keysAndIds: readonly RedisValue[]];
type ManyLongitudesLatitudesAndMembers = [...longitudesLatitudesAndMembers: RedisValue[]] | [longitudesLatitudesAndMembers: readonly RedisValue[]];
type ManyIndices = [...indices: Numeric[]] | [indices: readonly Numeric[]];
type ManyRanges = [...ranges: Numeric[]] | [ranges: readonly Numeric[]];
type ManyIndicesAndValues = [...indicesAndValues: RedisValue[]] | [indicesAndValues: readonly RedisValue[]];
type ManyChannels = [...channels: RedisKey[]] | [channels: readonly RedisKey[]];
type ManyShas = [...shas: RedisKey[]] | [shas: readonly RedisKey[]];
type ManyFilters = [...filters: RedisValue[]] | [filters: readonly RedisValue[]];
type ManyClientIds = [...clientIds: Numeric[]] | [clientIds: readonly Numeric[]];
type ManyUsernames = [...usernames: RedisValue[]] | [usernames: readonly RedisValue[]];
type ManyRules = [...rules: RedisValue[]] | [rules: readonly RedisValue[]];
type ManyCommands = [...commands: RedisValue[]] | [commands: readonly RedisValue[]];
type ManyParameters = [...parameters: RedisValue[]] | [parameters: readonly RedisValue[]];
type ManyParametersAndValues = [...parametersAndValues: RedisValue[]] | [parametersAndValues: readonly RedisValue[]];
type ManySections = [...sections: RedisValue[]] | [sections: readonly RedisValue[]];
type ManyEvents = [...events: RedisValue[]] | [events: readonly RedisValue[]];
type ManySlots = [...slots: Numeric[]] | [slots: readonly Numeric[]];

/**
 * Every command, in lower case, and its `...Buffer` twin, whose replies hold Buffers in place of strings.
 * What a command does is told at https://redis.io/docs/latest/commands/.
 */
export interface Commands<Context extends ClientContext = { type: 'default' }> {
  // Any command

  /** `CALL command args...` */
  call(...args: Args<[command: RedisValue, ...args: ManyArgs], unknown>): Result<unknown, Context>;
  callBuffer: Commands<Context>['call'];

  // Strings

  /** `APPEND key value` */
  append(key: RedisKey, value: RedisValue, callback?: Callback<number>): Result<number, Context>;
  appendBuffer: Commands<Context>['append'];
  /** `DECR key` */
  decr(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  decrBuffer: Commands<Context>['decr'];
  /** `DECRBY key decrement` */
  decrby(key: RedisKey, decrement: Numeric, callback?: Callback<number>): Result<number, Context>;
  decrbyBuffer: Commands<Context>['decrby'];
  /** `DELEX key [(IFEQ | IFNE | IFDEQ | IFDNE) value]` */
  delex(...args: Args<[key: RedisKey, ...option: [] | [option: 'IFEQ' | 'IFNE' | 'IFDEQ' | 'IFDNE', value: RedisValue]], number>): Result<number, Context>;
  delexBuffer: Commands<Context>['delex'];
  /** `DIGEST key` */
  digest(key: RedisKey, callback?: Callback<string | null>): Result<string | null, Context>;
  digestBuffer(key: RedisKey, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  /** `GET key` */
  get(key: RedisKey, callback?: Callback<string | null>): Result<string | null, Context>;
  getBuffer(key: RedisKey, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  /** `GETDEL key` */
  getdel(key: RedisKey, callback?: Callback<string | null>): Result<string | null, Context>;
  getdelBuffer(key: RedisKey, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  /** `GETEX key [EX seconds | PX milliseconds | EXAT unixSeconds | PXAT unixMilliseconds | PERSIST]` */
  getex(...args: Args<[key: RedisKey, ...option: [] | Expiry | [persist: 'PERSIST']], string | null>): Result<string | null, Context>;
  getexBuffer(...args: Args<[key: RedisKey, ...option: [] | Expiry | [persist: 'PERSIST']], Buffer | null>): Result<Buffer | null, Context>;
  /** `GETRANGE key start end` */
  getrange(key: RedisKey, start: Numeric, end: Numeric, callback?: Callback<string>): Result<string, Context>;
  getrangeBuffer(key: RedisKey, start: Numeric, end: Numeric, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `GETSET key value` */
  getset(key: RedisKey, value: RedisValue, callback?: Callback<string | null>): Result<string | null, Context>;
  getsetBuffer(key: RedisKey, value: RedisValue, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  /** `INCR key` */
  incr(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  incrBuffer: Commands<Context>['incr'];
  /** `INCRBY key increment` */
  incrby(key: RedisKey, increment: Numeric, callback?: Callback<number>): Result<number, Context>;
  incrbyBuffer: Commands<Context>['incrby'];
  /** `INCRBYFLOAT key increment` */
  incrbyfloat(key: RedisKey, increment: Numeric, callback?: Callback<string>): Result<string, Context>;
  incrbyfloatBuffer(key: RedisKey, increment: Numeric, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `INCREX key args...` */
  increx(...args: Args<[key: RedisKey, ...args: ManyArgs], [value: number, increment: number] | [value: string, increment: string]>): Result<[value: number, increment: number] | [value: string, increment: string], Context>;
  increxBuffer(...args: Args<[key: RedisKey, ...args: ManyArgs], [value: number, increment: number] | [value: Buffer, increment: Buffer]>): Result<[value: number, increment: number] | [value: Buffer, increment: Buffer], Context>;
  /** `LCS key1 key2 LEN` */
  lcs(...args: Args<[key1: RedisKey, key2: RedisKey, len: 'LEN'], number>): Result<number, Context>;
  /** `LCS key1 key2` */
  lcs(key1: RedisKey, key2: RedisKey, callback?: Callback<string>): Result<string, Context>;
  /** `LCS key1 key2 [LEN] IDX [MINMATCHLEN number] [WITHMATCHLEN]` */
  lcs(...args: Args<[key1: RedisKey, key2: RedisKey, ...option: [] | [len: 'LEN'], idx: 'IDX', ...option: [] | [minmatchlen: 'MINMATCHLEN', number: Numeric], ...option: [] | [withmatchlen: 'WITHMATCHLEN']], unknown[]>): Result<unknown[], Context>;
  /** `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN number] [WITHMATCHLEN]` */
  lcs(...args: Args<[key1: RedisKey, key2: RedisKey, ...option: [] | [len: 'LEN'], ...option: [] | [idx: 'IDX'], ...option: [] | [minmatchlen: 'MINMATCHLEN', number: Numeric], ...option: [] | [withmatchlen: 'WITHMATCHLEN']], string | number | unknown[]>): Result<string | number | unknown[], Context>;
  lcsBuffer(...args: Args<[key1: RedisKey, key2: RedisKey, len: 'LEN'], number>): Result<number, Context>;
  lcsBuffer(key1: RedisKey, key2: RedisKey, callback?: Callback<Buffer>): Result<Buffer, Context>;
  lcsBuffer(...args: Args<[key1: RedisKey, key2: RedisKey, ...option: [] | [len: 'LEN'], idx: 'IDX', ...option: [] | [minmatchlen: 'MINMATCHLEN', number: Numeric], ...option: [] | [withmatchlen: 'WITHMATCHLEN']], unknown[]>): Result<unknown[], Context>;
  lcsBuffer(...args: Args<[key1: RedisKey, key2: RedisKey, ...option: [] | [len: 'LEN'], ...option: [] | [idx: 'IDX'], ...option: [] | [minmatchlen: 'MINMATCHLEN', number: Numeric], ...option: [] | [withmatchlen: 'WITHMATCHLEN']], Buffer | number | unknown[]>): Result<Buffer | number | unknown[], Context>;
  /** `MGET keys...` */
  mget(...args: Args<[...keys: ManyKeys], (string | null)[]>): Result<(string | null)[], Context>;
  mgetBuffer(...args: Args<[...keys: ManyKeys], (Buffer | null)[]>): Result<(Buffer | null)[], Context>;
  /** `MSET object` */
  mset(object: object, callback?: Callback<'OK'>): Result<'OK', Context>;
  /** `MSET keysAndValues...` */
  mset(...args: Args<[...keysAndValues: ManyKeysAndValues], 'OK'>): Result<'OK', Context>;
  msetBuffer(object: object, callback?: Callback<Buffer>): Result<Buffer, Context>;
  msetBuffer(...args: Args<[...keysAndValues: ManyKeysAndValues], Buffer>): Result<Buffer, Context>;
  /** `MSETEX numkeys keysAndValues... [NX | XX] [EX seconds | PX milliseconds | EXAT unixSeconds | PXAT unixMilliseconds | KEEPTTL]` */
  msetex(...args: Args<[numkeys: Numeric, ...keysAndValues: ManyKeysAndValues, ...option: [] | [option: 'NX' | 'XX'], ...option: [] | Expiry | [keepttl: 'KEEPTTL']], number>): Result<number, Context>;
  msetexBuffer: Commands<Context>['msetex'];
  /** `MSETNX object` */
  msetnx(object: object, callback?: Callback<number>): Result<number, Context>;
  /** `MSETNX keysAndValues...` */
  msetnx(...args: Args<[...keysAndValues: ManyKeysAndValues], number>): Result<number, Context>;
  msetnxBuffer: Commands<Context>['msetnx'];
  /** `PSETEX key milliseconds value` */
  psetex(key: RedisKey, milliseconds: Numeric, value: RedisValue, callback?: Callback<'OK'>): Result<'OK', Context>;
  psetexBuffer(key: RedisKey, milliseconds: Numeric, value: RedisValue, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `SET key value [EX seconds | PX milliseconds | EXAT unixSeconds | PXAT unixMilliseconds | KEEPTTL]` */
  set(...args: Args<[key: RedisKey, value: RedisValue, ...option: [] | Expiry | [keepttl: 'KEEPTTL']], 'OK'>): Result<'OK', Context>;
  /** `SET key value {[EX seconds | PX milliseconds | EXAT unixSeconds | PXAT unixMilliseconds | KEEPTTL] (NX | XX | (IFEQ | IFNE | IFDEQ | IFDNE) comparison)}` */
  set(...args: Args<[key: RedisKey, value: RedisValue, ...options: [...option: Expiry | [keepttl: 'KEEPTTL'], ...option: [option: 'NX' | 'XX'] | [option: 'IFEQ' | 'IFNE' | 'IFDEQ' | 'IFDNE', comparison: RedisValue]] | [...option: [option: 'NX' | 'XX'] | [option: 'IFEQ' | 'IFNE' | 'IFDEQ' | 'IFDNE', comparison: RedisValue]] | [...option: [option: 'NX' | 'XX'] | [option: 'IFEQ' | 'IFNE' | 'IFDEQ' | 'IFDNE', comparison: RedisValue], ...option: Expiry | [keepttl: 'KEEPTTL']]], 'OK' | null>): Result<'OK' | null, Context>;
  /** `SET key value [EX seconds | PX milliseconds | EXAT unixSeconds | PXAT unixMilliseconds | KEEPTTL] [NX | XX | (IFEQ | IFNE | IFDEQ | IFDNE) comparison] GET` */
  set(...args: Args<[key: RedisKey, value: RedisValue, ...option: [] | Expiry | [keepttl: 'KEEPTTL'], ...option: [] | [option: 'NX' | 'XX'] | [option: 'IFEQ' | 'IFNE' | 'IFDEQ' | 'IFDNE', comparison: RedisValue], get: 'GET'], string | null>): Result<string | null, Context>;
  /** `SET key value (NX | XX) GET [EX seconds | PX milliseconds | EXAT unixSeconds | PXAT unixMilliseconds | KEEPTTL]` */
  set(...args: Args<[key: RedisKey, value: RedisValue, option: 'NX' | 'XX', get: 'GET', ...option: [] | Expiry | [keepttl: 'KEEPTTL']], string | null>): Result<string | null, Context>;
  setBuffer(...args: Args<[key: RedisKey, value: RedisValue, ...option: [] | Expiry | [keepttl: 'KEEPTTL']], Buffer>): Result<Buffer, Context>;
  setBuffer(...args: Args<[key: RedisKey, value: RedisValue, ...options: [...option: Expiry | [keepttl: 'KEEPTTL'], ...option: [option: 'NX' | 'XX'] | [option: 'IFEQ' | 'IFNE' | 'IFDEQ' | 'IFDNE', comparison: RedisValue]] | [...option: [option: 'NX' | 'XX'] | [option: 'IFEQ' | 'IFNE' | 'IFDEQ' | 'IFDNE', comparison: RedisValue]] | [...option: [option: 'NX' | 'XX'] | [option: 'IFEQ' | 'IFNE' | 'IFDEQ' | 'IFDNE', comparison: RedisValue], ...option: Expiry | [keepttl: 'KEEPTTL']]], Buffer | null>): Result<Buffer | null, Context>;
  setBuffer(...args: Args<[key: RedisKey, value: RedisValue, ...option: [] | Expiry | [keepttl: 'KEEPTTL'], ...option: [] | [option: 'NX' | 'XX'] | [option: 'IFEQ' | 'IFNE' | 'IFDEQ' | 'IFDNE', comparison: RedisValue], get: 'GET'], Buffer | null>): Result<Buffer | null, Context>;
  setBuffer(...args: Args<[key: RedisKey, value: RedisValue, option: 'NX' | 'XX', get: 'GET', ...option: [] | Expiry | [keepttl: 'KEEPTTL']], Buffer | null>): Result<Buffer | null, Context>;
  /** `SETEX key seconds value` */
  setex(key: RedisKey, seconds: Numeric, value: RedisValue, callback?: Callback<'OK'>): Result<'OK', Context>;
  setexBuffer(key: RedisKey, seconds: Numeric, value: RedisValue, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `SETNX key value` */
  setnx(key: RedisKey, value: RedisValue, callback?: Callback<number>): Result<number, Context>;
  setnxBuffer: Commands<Context>['setnx'];
  /** `SETRANGE key offset value` */
  setrange(key: RedisKey, offset: Numeric, value: RedisValue, callback?: Callback<number>): Result<number, Context>;
  setrangeBuffer: Commands<Context>['setrange'];
  /** `STRLEN key` */
  strlen(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  strlenBuffer: Commands<Context>['strlen'];
  /** `SUBSTR key start end` */
  substr(key: RedisKey, start: Numeric, end: Numeric, callback?: Callback<string>): Result<string, Context>;
  substrBuffer(key: RedisKey, start: Numeric, end: Numeric, callback?: Callback<Buffer>): Result<Buffer, Context>;

  // Bitmaps

  /** `BITCOUNT key [start end [BYTE | BIT]]` */
  bitcount(...args: Args<[key: RedisKey, ...option: [] | [start: Numeric, end: Numeric, ...option: [] | [option: 'BYTE' | 'BIT']]], number>): Result<number, Context>;
  bitcountBuffer: Commands<Context>['bitcount'];
  /** `BITFIELD key args...` */
  bitfield(...args: Args<[key: RedisKey, ...args: ManyArgs], (number | null)[]>): Result<(number | null)[], Context>;
  bitfieldBuffer: Commands<Context>['bitfield'];
  /** `BITFIELD_RO key args...` */
  bitfield_ro(...args: Args<[key: RedisKey, ...args: ManyArgs], number[]>): Result<number[], Context>;
  bitfield_roBuffer: Commands<Context>['bitfield_ro'];
  /** `BITOP (AND | OR | XOR | NOT | DIFF | DIFF1 | ANDOR | ONE) destination keys...` */
  bitop(...args: Args<[subcommand: 'AND' | 'OR' | 'XOR' | 'NOT' | 'DIFF' | 'DIFF1' | 'ANDOR' | 'ONE', destination: RedisKey, ...keys: ManyKeys], number>): Result<number, Context>;
  bitopBuffer: Commands<Context>['bitop'];
  /** `BITPOS key bit [start [end [BYTE | BIT]]]` */
  bitpos(...args: Args<[key: RedisKey, bit: Numeric, ...option: [] | [start: Numeric, ...option: [] | [end: Numeric, ...option: [] | [option: 'BYTE' | 'BIT']]]], number>): Result<number, Context>;
  bitposBuffer: Commands<Context>['bitpos'];
  /** `GETBIT key bitOffset` */
  getbit(key: RedisKey, bitOffset: Numeric, callback?: Callback<number>): Result<number, Context>;
  getbitBuffer: Commands<Context>['getbit'];
  /** `SETBIT key bitOffset bit` */
  setbit(key: RedisKey, bitOffset: Numeric, bit: Numeric, callback?: Callback<number>): Result<number, Context>;
  setbitBuffer: Commands<Context>['setbit'];

  // HyperLogLog

  /** `PFADD key elements...` */
  pfadd(...args: Args<[key: RedisKey, ...elements: ManyElements], number>): Result<number, Context>;
  pfaddBuffer: Commands<Context>['pfadd'];
  /** `PFCOUNT keys...` */
  pfcount(...args: Args<[...keys: ManyKeys], number>): Result<number, Context>;
  pfcountBuffer: Commands<Context>['pfcount'];
  /** `PFDEBUG subcommand key` */
  pfdebug(subcommand: RedisValue, key: RedisKey, callback?: Callback<unknown>): Result<unknown, Context>;
  pfdebugBuffer: Commands<Context>['pfdebug'];
  /** `PFMERGE destination keys...` */
  pfmerge(...args: Args<[destination: RedisKey, ...keys: ManyKeys], 'OK'>): Result<'OK', Context>;
  pfmergeBuffer(...args: Args<[destination: RedisKey, ...keys: ManyKeys], Buffer>): Result<Buffer, Context>;
  /** `PFSELFTEST` */
  pfselftest(callback?: Callback<unknown>): Result<unknown, Context>;
  pfselftestBuffer: Commands<Context>['pfselftest'];

  // Keys

  /** `COPY source destination [DB db] [REPLACE]` */
  copy(...args: Args<[source: RedisKey, destination: RedisKey, ...option: [] | [db: 'DB', db: Numeric], ...option: [] | [replace: 'REPLACE']], number>): Result<number, Context>;
  copyBuffer: Commands<Context>['copy'];
  /** `DEL keys...` */
  del(...args: Args<[...keys: ManyKeys], number>): Result<number, Context>;
  delBuffer: Commands<Context>['del'];
  /** `DUMP key` */
  dump(key: RedisKey, callback?: Callback<string>): Result<string, Context>;
  dumpBuffer(key: RedisKey, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `EXISTS keys...` */
  exists(...args: Args<[...keys: ManyKeys], number>): Result<number, Context>;
  existsBuffer: Commands<Context>['exists'];
  /** `EXPIRE key seconds [NX | XX | GT | LT]` */
  expire(...args: Args<[key: RedisKey, seconds: Numeric, ...option: [] | [option: 'NX' | 'XX' | 'GT' | 'LT']], number>): Result<number, Context>;
  expireBuffer: Commands<Context>['expire'];
  /** `EXPIREAT key unixSeconds [NX | XX | GT | LT]` */
  expireat(...args: Args<[key: RedisKey, unixSeconds: Numeric, ...option: [] | [option: 'NX' | 'XX' | 'GT' | 'LT']], number>): Result<number, Context>;
  expireatBuffer: Commands<Context>['expireat'];
  /** `EXPIRETIME key` */
  expiretime(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  expiretimeBuffer: Commands<Context>['expiretime'];
  /** `KEYS pattern` */
  keys(pattern: RedisKey, callback?: Callback<string[]>): Result<string[], Context>;
  keysBuffer(pattern: RedisKey, callback?: Callback<Buffer[]>): Result<Buffer[], Context>;
  /** `MIGRATE host port [key] db timeout [COPY] [REPLACE] [AUTH password | AUTH2 username password] [KEYS keys...]` */
  migrate(...args: Args<[host: RedisValue, port: Numeric, ...option: [] | [key: RedisKey], db: Numeric, timeout: Numeric, ...option: [] | [copy: 'COPY'], ...option: [] | [replace: 'REPLACE'], ...option: [] | [auth: 'AUTH', password: RedisValue] | [auth2: 'AUTH2', username: RedisValue, password: RedisValue], ...option: [] | [keys: 'KEYS', ...keys: ManyKeys]], 'OK'>): Result<'OK', Context>;
  migrateBuffer(...args: Args<[host: RedisValue, port: Numeric, ...option: [] | [key: RedisKey], db: Numeric, timeout: Numeric, ...option: [] | [copy: 'COPY'], ...option: [] | [replace: 'REPLACE'], ...option: [] | [auth: 'AUTH', password: RedisValue] | [auth2: 'AUTH2', username: RedisValue, password: RedisValue], ...option: [] | [keys: 'KEYS', ...keys: ManyKeys]], Buffer>): Result<Buffer, Context>;
  /** `MOVE key db` */
  move(key: RedisKey, db: Numeric, callback?: Callback<number>): Result<number, Context>;
  moveBuffer: Commands<Context>['move'];
  /** `OBJECT (ENCODING) key` */
  object(...args: Args<[subcommand: 'ENCODING', key: RedisKey], string | null>): Result<string | null, Context>;
  /** `OBJECT (FREQ | IDLETIME | REFCOUNT) key` */
  object(...args: Args<[subcommand: 'FREQ' | 'IDLETIME' | 'REFCOUNT', key: RedisKey], number | null>): Result<number | null, Context>;
  /** `OBJECT HELP` */
  object(...args: Args<[subcommand: 'HELP'], string[]>): Result<string[], Context>;
  objectBuffer(...args: Args<[subcommand: 'ENCODING', key: RedisKey], Buffer | null>): Result<Buffer | null, Context>;
  objectBuffer(...args: Args<[subcommand: 'FREQ' | 'IDLETIME' | 'REFCOUNT', key: RedisKey], number | null>): Result<number | null, Context>;
  objectBuffer(...args: Args<[subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  /** `PERSIST key` */
  persist(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  persistBuffer: Commands<Context>['persist'];
  /** `PEXPIRE key milliseconds [NX | XX | GT | LT]` */
  pexpire(...args: Args<[key: RedisKey, milliseconds: Numeric, ...option: [] | [option: 'NX' | 'XX' | 'GT' | 'LT']], number>): Result<number, Context>;
  pexpireBuffer: Commands<Context>['pexpire'];
  /** `PEXPIREAT key unixMilliseconds [NX | XX | GT | LT]` */
  pexpireat(...args: Args<[key: RedisKey, unixMilliseconds: Numeric, ...option: [] | [option: 'NX' | 'XX' | 'GT' | 'LT']], number>): Result<number, Context>;
  pexpireatBuffer: Commands<Context>['pexpireat'];
  /** `PEXPIRETIME key` */
  pexpiretime(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  pexpiretimeBuffer: Commands<Context>['pexpiretime'];
  /** `PTTL key` */
  pttl(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  pttlBuffer: Commands<Context>['pttl'];
  /** `RANDOMKEY` */
  randomkey(callback?: Callback<string | null>): Result<string | null, Context>;
  randomkeyBuffer(callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  /** `RENAME key newkey` */
  rename(key: RedisKey, newkey: RedisKey, callback?: Callback<'OK'>): Result<'OK', Context>;
  renameBuffer(key: RedisKey, newkey: RedisKey, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `RENAMENX key newkey` */
  renamenx(key: RedisKey, newkey: RedisKey, callback?: Callback<number>): Result<number, Context>;
  renamenxBuffer: Commands<Context>['renamenx'];
  /** `RESTORE key ttl serialized [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]` */
  restore(...args: Args<[key: RedisKey, ttl: Numeric, serialized: RedisValue, ...option: [] | [replace: 'REPLACE'], ...option: [] | [absttl: 'ABSTTL'], ...option: [] | [idletime: 'IDLETIME', seconds: Numeric], ...option: [] | [freq: 'FREQ', frequency: Numeric]], 'OK'>): Result<'OK', Context>;
  restoreBuffer(...args: Args<[key: RedisKey, ttl: Numeric, serialized: RedisValue, ...option: [] | [replace: 'REPLACE'], ...option: [] | [absttl: 'ABSTTL'], ...option: [] | [idletime: 'IDLETIME', seconds: Numeric], ...option: [] | [freq: 'FREQ', frequency: Numeric]], Buffer>): Result<Buffer, Context>;
  /** `RESTORE-ASKING key ttl serialized [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]` */
  'restore-asking'(...args: Args<[key: RedisKey, ttl: Numeric, serialized: RedisValue, ...option: [] | [replace: 'REPLACE'], ...option: [] | [absttl: 'ABSTTL'], ...option: [] | [idletime: 'IDLETIME', seconds: Numeric], ...option: [] | [freq: 'FREQ', frequency: Numeric]], 'OK'>): Result<'OK', Context>;
  'restore-askingBuffer'(...args: Args<[key: RedisKey, ttl: Numeric, serialized: RedisValue, ...option: [] | [replace: 'REPLACE'], ...option: [] | [absttl: 'ABSTTL'], ...option: [] | [idletime: 'IDLETIME', seconds: Numeric], ...option: [] | [freq: 'FREQ', frequency: Numeric]], Buffer>): Result<Buffer, Context>;
  /** `SCAN cursor {[MATCH pattern] [COUNT count] [TYPE type]}` */
  scan(...args: Args<[cursor: Numeric, ...options: [] | [match: 'MATCH', pattern: RedisKey] | [match: 'MATCH', pattern: RedisKey, count: 'COUNT', count: Numeric] | [match: 'MATCH', pattern: RedisKey, count: 'COUNT', count: Numeric, type: 'TYPE', type: RedisValue] | [match: 'MATCH', pattern: RedisKey, type: 'TYPE', type: RedisValue] | [match: 'MATCH', pattern: RedisKey, type: 'TYPE', type: RedisValue, count: 'COUNT', count: Numeric] | [count: 'COUNT', count: Numeric] | [count: 'COUNT', count: Numeric, match: 'MATCH', pattern: RedisKey] | [count: 'COUNT', count: Numeric, match: 'MATCH', pattern: RedisKey, type: 'TYPE', type: RedisValue] | [count: 'COUNT', count: Numeric, type: 'TYPE', type: RedisValue] | [count: 'COUNT', count: Numeric, type: 'TYPE', type: RedisValue, match: 'MATCH', pattern: RedisKey] | [type: 'TYPE', type: RedisValue] | [type: 'TYPE', type: RedisValue, match: 'MATCH', pattern: RedisKey] | [type: 'TYPE', type: RedisValue, match: 'MATCH', pattern: RedisKey, count: 'COUNT', count: Numeric] | [type: 'TYPE', type: RedisValue, count: 'COUNT', count: Numeric] | [type: 'TYPE', type: RedisValue, count: 'COUNT', count: Numeric, match: 'MATCH', pattern: RedisKey]], [cursor: string, elements: string[]]>): Result<[cursor: string, elements: string[]], Context>;
  scanBuffer(...args: Args<[cursor: Numeric, ...options: [] | [match: 'MATCH', pattern: RedisKey] | [match: 'MATCH', pattern: RedisKey, count: 'COUNT', count: Numeric] | [match: 'MATCH', pattern: RedisKey, count: 'COUNT', count: Numeric, type: 'TYPE', type: RedisValue] | [match: 'MATCH', pattern: RedisKey, type: 'TYPE', type: RedisValue] | [match: 'MATCH', pattern: RedisKey, type: 'TYPE', type: RedisValue, count: 'COUNT', count: Numeric] | [count: 'COUNT', count: Numeric] | [count: 'COUNT', count: Numeric, match: 'MATCH', pattern: RedisKey] | [count: 'COUNT', count: Numeric, match: 'MATCH', pattern: RedisKey, type: 'TYPE', type: RedisValue] | [count: 'COUNT', count: Numeric, type: 'TYPE', type: RedisValue] | [count: 'COUNT', count: Numeric, type: 'TYPE', type: RedisValue, match: 'MATCH', pattern: RedisKey] | [type: 'TYPE', type: RedisValue] | [type: 'TYPE', type: RedisValue, match: 'MATCH', pattern: RedisKey] | [type: 'TYPE', type: RedisValue, match: 'MATCH', pattern: RedisKey, count: 'COUNT', count: Numeric] | [type: 'TYPE', type: RedisValue, count: 'COUNT', count: Numeric] | [type: 'TYPE', type: RedisValue, count: 'COUNT', count: Numeric, match: 'MATCH', pattern: RedisKey]], [cursor: Buffer, elements: Buffer[]]>): Result<[cursor: Buffer, elements: Buffer[]], Context>;
  /** `SORT key [BY pattern] [LIMIT offset count] [GET patterns...] [ASC | DESC] [ALPHA] STORE destination` */
  sort(...args: Args<[key: RedisKey, ...option: [] | [by: 'BY', pattern: RedisKey], ...option: [] | Limit, ...option: [] | [get: 'GET', ...patterns: ManyPatterns], ...option: [] | [option: 'ASC' | 'DESC'], ...option: [] | [alpha: 'ALPHA'], store: 'STORE', destination: RedisKey], number>): Result<number, Context>;
  /** `SORT key [BY pattern] [LIMIT offset count] [GET patterns...] [ASC | DESC] [ALPHA]` */
  sort(...args: Args<[key: RedisKey, ...option: [] | [by: 'BY', pattern: RedisKey], ...option: [] | Limit, ...option: [] | [get: 'GET', ...patterns: ManyPatterns], ...option: [] | [option: 'ASC' | 'DESC'], ...option: [] | [alpha: 'ALPHA']], (string | null)[]>): Result<(string | null)[], Context>;
  sortBuffer(...args: Args<[key: RedisKey, ...option: [] | [by: 'BY', pattern: RedisKey], ...option: [] | Limit, ...option: [] | [get: 'GET', ...patterns: ManyPatterns], ...option: [] | [option: 'ASC' | 'DESC'], ...option: [] | [alpha: 'ALPHA'], store: 'STORE', destination: RedisKey], number>): Result<number, Context>;
  sortBuffer(...args: Args<[key: RedisKey, ...option: [] | [by: 'BY', pattern: RedisKey], ...option: [] | Limit, ...option: [] | [get: 'GET', ...patterns: ManyPatterns], ...option: [] | [option: 'ASC' | 'DESC'], ...option: [] | [alpha: 'ALPHA']], (Buffer | null)[]>): Result<(Buffer | null)[], Context>;
  /** `SORT_RO key [BY pattern] [LIMIT offset count] [GET patterns...] [ASC | DESC] [ALPHA]` */
  sort_ro(...args: Args<[key: RedisKey, ...option: [] | [by: 'BY', pattern: RedisKey], ...option: [] | Limit, ...option: [] | [get: 'GET', ...patterns: ManyPatterns], ...option: [] | [option: 'ASC' | 'DESC'], ...option: [] | [alpha: 'ALPHA']], (string | null)[]>): Result<(string | null)[], Context>;
  sort_roBuffer(...args: Args<[key: RedisKey, ...option: [] | [by: 'BY', pattern: RedisKey], ...option: [] | Limit, ...option: [] | [get: 'GET', ...patterns: ManyPatterns], ...option: [] | [option: 'ASC' | 'DESC'], ...option: [] | [alpha: 'ALPHA']], (Buffer | null)[]>): Result<(Buffer | null)[], Context>;
  /** `TOUCH keys...` */
  touch(...args: Args<[...keys: ManyKeys], number>): Result<number, Context>;
  touchBuffer: Commands<Context>['touch'];
  /** `TTL key` */
  ttl(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  ttlBuffer: Commands<Context>['ttl'];
  /** `TYPE key` */
  type(key: RedisKey, callback?: Callback<string>): Result<string, Context>;
  typeBuffer(key: RedisKey, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `UNLINK keys...` */
  unlink(...args: Args<[...keys: ManyKeys], number>): Result<number, Context>;
  unlinkBuffer: Commands<Context>['unlink'];

  // Hashes

  /** `HDEL key fields...` */
  hdel(...args: Args<[key: RedisKey, ...fields: ManyFields], number>): Result<number, Context>;
  hdelBuffer: Commands<Context>['hdel'];
  /** `HEXISTS key field` */
  hexists(key: RedisKey, field: RedisValue, callback?: Callback<number>): Result<number, Context>;
  hexistsBuffer: Commands<Context>['hexists'];
  /** `HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields fields...` */
  hexpire(...args: Args<[key: RedisKey, seconds: Numeric, ...option: [] | [option: 'NX' | 'XX' | 'GT' | 'LT'], ...fields: Fields], number[]>): Result<number[], Context>;
  hexpireBuffer: Commands<Context>['hexpire'];
  /** `HEXPIREAT key unixSeconds [NX | XX | GT | LT] FIELDS numfields fields...` */
  hexpireat(...args: Args<[key: RedisKey, unixSeconds: Numeric, ...option: [] | [option: 'NX' | 'XX' | 'GT' | 'LT'], ...fields: Fields], number[]>): Result<number[], Context>;
  hexpireatBuffer: Commands<Context>['hexpireat'];
  /** `HEXPIRETIME key FIELDS numfields fields...` */
  hexpiretime(...args: Args<[key: RedisKey, ...fields: Fields], number[]>): Result<number[], Context>;
  hexpiretimeBuffer: Commands<Context>['hexpiretime'];
  /** `HGET key field` */
  hget(key: RedisKey, field: RedisValue, callback?: Callback<string | null>): Result<string | null, Context>;
  hgetBuffer(key: RedisKey, field: RedisValue, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  /** `HGETALL key` */
  hgetall(key: RedisKey, callback?: Callback<Record<string, string>>): Result<Record<string, string>, Context>;
  hgetallBuffer(key: RedisKey, callback?: Callback<Record<string, Buffer>>): Result<Record<string, Buffer>, Context>;
  /** `HGETDEL key FIELDS numfields fields...` */
  hgetdel(...args: Args<[key: RedisKey, ...fields: Fields], (string | null)[]>): Result<(string | null)[], Context>;
  hgetdelBuffer(...args: Args<[key: RedisKey, ...fields: Fields], (Buffer | null)[]>): Result<(Buffer | null)[], Context>;
  /** `HGETEX key [EX seconds | PX milliseconds | EXAT unixSeconds | PXAT unixMilliseconds | PERSIST] FIELDS numfields fields...` */
  hgetex(...args: Args<[key: RedisKey, ...option: [] | Expiry | [persist: 'PERSIST'], ...fields: Fields], (string | null)[]>): Result<(string | null)[], Context>;
  hgetexBuffer(...args: Args<[key: RedisKey, ...option: [] | Expiry | [persist: 'PERSIST'], ...fields: Fields], (Buffer | null)[]>): Result<(Buffer | null)[], Context>;
  /**
   * - `HIMPORT PREPARE name fields...`
   * - `HIMPORT SET key name values...`
   */
  himport(...args: Args<[subcommand: 'PREPARE', name: RedisValue, ...fields: ManyFields] | [subcommand: 'SET', key: RedisKey, name: RedisValue, ...values: ManyValues], 'OK'>): Result<'OK', Context>;
  /**
   * - `HIMPORT DISCARD name`
   * - `HIMPORT DISCARDALL`
   */
  himport(...args: Args<[subcommand: 'DISCARD', name: RedisValue] | [subcommand: 'DISCARDALL'], number>): Result<number, Context>;
  himportBuffer(...args: Args<[subcommand: 'PREPARE', name: RedisValue, ...fields: ManyFields] | [subcommand: 'SET', key: RedisKey, name: RedisValue, ...values: ManyValues], Buffer>): Result<Buffer, Context>;
  himportBuffer(...args: Args<[subcommand: 'DISCARD', name: RedisValue] | [subcommand: 'DISCARDALL'], number>): Result<number, Context>;
  /** `HINCRBY key field increment` */
  hincrby(key: RedisKey, field: RedisValue, increment: Numeric, callback?: Callback<number>): Result<number, Context>;
  hincrbyBuffer: Commands<Context>['hincrby'];
  /** `HINCRBYFLOAT key field increment` */
  hincrbyfloat(key: RedisKey, field: RedisValue, increment: Numeric, callback?: Callback<string>): Result<string, Context>;
  hincrbyfloatBuffer(key: RedisKey, field: RedisValue, increment: Numeric, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `HKEYS key` */
  hkeys(key: RedisKey, callback?: Callback<string[]>): Result<string[], Context>;
  hkeysBuffer(key: RedisKey, callback?: Callback<Buffer[]>): Result<Buffer[], Context>;
  /** `HLEN key` */
  hlen(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  hlenBuffer: Commands<Context>['hlen'];
  /** `HMGET key fields...` */
  hmget(...args: Args<[key: RedisKey, ...fields: ManyFields], (string | null)[]>): Result<(string | null)[], Context>;
  hmgetBuffer(...args: Args<[key: RedisKey, ...fields: ManyFields], (Buffer | null)[]>): Result<(Buffer | null)[], Context>;
  /** `HMSET key object` */
  hmset(key: RedisKey, object: object, callback?: Callback<'OK'>): Result<'OK', Context>;
  /** `HMSET key fieldsAndValues...` */
  hmset(...args: Args<[key: RedisKey, ...fieldsAndValues: ManyFieldsAndValues], 'OK'>): Result<'OK', Context>;
  hmsetBuffer(key: RedisKey, object: object, callback?: Callback<Buffer>): Result<Buffer, Context>;
  hmsetBuffer(...args: Args<[key: RedisKey, ...fieldsAndValues: ManyFieldsAndValues], Buffer>): Result<Buffer, Context>;
  /** `HPERSIST key FIELDS numfields fields...` */
  hpersist(...args: Args<[key: RedisKey, ...fields: Fields], number[]>): Result<number[], Context>;
  hpersistBuffer: Commands<Context>['hpersist'];
  /** `HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS numfields fields...` */
  hpexpire(...args: Args<[key: RedisKey, milliseconds: Numeric, ...option: [] | [option: 'NX' | 'XX' | 'GT' | 'LT'], ...fields: Fields], number[]>): Result<number[], Context>;
  hpexpireBuffer: Commands<Context>['hpexpire'];
  /** `HPEXPIREAT key unixMilliseconds [NX | XX | GT | LT] FIELDS numfields fields...` */
  hpexpireat(...args: Args<[key: RedisKey, unixMilliseconds: Numeric, ...option: [] | [option: 'NX' | 'XX' | 'GT' | 'LT'], ...fields: Fields], number[]>): Result<number[], Context>;
  hpexpireatBuffer: Commands<Context>['hpexpireat'];
  /** `HPEXPIRETIME key FIELDS numfields fields...` */
  hpexpiretime(...args: Args<[key: RedisKey, ...fields: Fields], number[]>): Result<number[], Context>;
  hpexpiretimeBuffer: Commands<Context>['hpexpiretime'];
  /** `HPTTL key FIELDS numfields fields...` */
  hpttl(...args: Args<[key: RedisKey, ...fields: Fields], number[]>): Result<number[], Context>;
  hpttlBuffer: Commands<Context>['hpttl'];
  /** `HRANDFIELD key` */
  hrandfield(key: RedisKey, callback?: Callback<string | null>): Result<string | null, Context>;
  /** `HRANDFIELD key count [WITHVALUES]` */
  hrandfield(...args: Args<[key: RedisKey, count: Numeric, ...option: [] | [withvalues: 'WITHVALUES']], string[]>): Result<string[], Context>;
  hrandfieldBuffer(key: RedisKey, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  hrandfieldBuffer(...args: Args<[key: RedisKey, count: Numeric, ...option: [] | [withvalues: 'WITHVALUES']], Buffer[]>): Result<Buffer[], Context>;
  /** `HSCAN key cursor {[MATCH pattern] [COUNT count]} [NOVALUES]` */
  hscan(...args: Args<[key: RedisKey, cursor: Numeric, ...scan: Scan, ...option: [] | [novalues: 'NOVALUES']], [cursor: string, elements: string[]]>): Result<[cursor: string, elements: string[]], Context>;
  hscanBuffer(...args: Args<[key: RedisKey, cursor: Numeric, ...scan: Scan, ...option: [] | [novalues: 'NOVALUES']], [cursor: Buffer, elements: Buffer[]]>): Result<[cursor: Buffer, elements: Buffer[]], Context>;
  /** `HSET key object` */
  hset(key: RedisKey, object: object, callback?: Callback<number>): Result<number, Context>;
  /** `HSET key fieldsAndValues...` */
  hset(...args: Args<[key: RedisKey, ...fieldsAndValues: ManyFieldsAndValues], number>): Result<number, Context>;
  hsetBuffer: Commands<Context>['hset'];
  /** `HSETEX key [FNX | FXX] [EX seconds | PX milliseconds | EXAT unixSeconds | PXAT unixMilliseconds | KEEPTTL] FIELDS numfields fieldsAndValues...` */
  hsetex(...args: Args<[key: RedisKey, ...option: [] | [option: 'FNX' | 'FXX'], ...option: [] | Expiry | [keepttl: 'KEEPTTL'], fields: 'FIELDS', numfields: Numeric, ...fieldsAndValues: ManyFieldsAndValues], number>): Result<number, Context>;
  hsetexBuffer: Commands<Context>['hsetex'];
  /** `HSETNX key field value` */
  hsetnx(key: RedisKey, field: RedisValue, value: RedisValue, callback?: Callback<number>): Result<number, Context>;
  hsetnxBuffer: Commands<Context>['hsetnx'];
  /** `HSTRLEN key field` */
  hstrlen(key: RedisKey, field: RedisValue, callback?: Callback<number>): Result<number, Context>;
  hstrlenBuffer: Commands<Context>['hstrlen'];
  /** `HTTL key FIELDS numfields fields...` */
  httl(...args: Args<[key: RedisKey, ...fields: Fields], number[]>): Result<number[], Context>;
  httlBuffer: Commands<Context>['httl'];
  /** `HVALS key` */
  hvals(key: RedisKey, callback?: Callback<string[]>): Result<string[], Context>;
  hvalsBuffer(key: RedisKey, callback?: Callback<Buffer[]>): Result<Buffer[], Context>;

  // Lists

  /** `BLMOVE source destination (LEFT | RIGHT) (LEFT | RIGHT) timeout` */
  blmove(...args: Args<[source: RedisKey, destination: RedisKey, ...option: [option: 'LEFT' | 'RIGHT'], ...option: [option: 'LEFT' | 'RIGHT'], timeout: Numeric], string | null>): Result<string | null, Context>;
  blmoveBuffer(...args: Args<[source: RedisKey, destination: RedisKey, ...option: [option: 'LEFT' | 'RIGHT'], ...option: [option: 'LEFT' | 'RIGHT'], timeout: Numeric], Buffer | null>): Result<Buffer | null, Context>;
  /** `BLMOVEM source destination (LEFT | RIGHT) (LEFT | RIGHT) timeout [(COUNT | EXACTLY) count (OBO | BULK)]` */
  blmovem(...args: Args<[source: RedisKey, destination: RedisKey, ...option: [option: 'LEFT' | 'RIGHT'], ...option: [option: 'LEFT' | 'RIGHT'], timeout: Numeric, ...option: [] | [option: 'COUNT' | 'EXACTLY', count: Numeric, option: 'OBO' | 'BULK']], string[] | null>): Result<string[] | null, Context>;
  blmovemBuffer(...args: Args<[source: RedisKey, destination: RedisKey, ...option: [option: 'LEFT' | 'RIGHT'], ...option: [option: 'LEFT' | 'RIGHT'], timeout: Numeric, ...option: [] | [option: 'COUNT' | 'EXACTLY', count: Numeric, option: 'OBO' | 'BULK']], Buffer[] | null>): Result<Buffer[] | null, Context>;
  /** `BLMPOP timeout numkeys keys... (LEFT | RIGHT) [COUNT count]` */
  blmpop(...args: Args<[timeout: Numeric, numkeys: Numeric, ...keys: ManyKeys, ...option: [option: 'LEFT' | 'RIGHT'], ...option: [] | Count], [key: string, members: string[]] | null>): Result<[key: string, members: string[]] | null, Context>;
  blmpopBuffer(...args: Args<[timeout: Numeric, numkeys: Numeric, ...keys: ManyKeys, ...option: [option: 'LEFT' | 'RIGHT'], ...option: [] | Count], [key: Buffer, members: Buffer[]] | null>): Result<[key: Buffer, members: Buffer[]] | null, Context>;
  /** `BLPOP keys... timeout` */
  blpop(...args: Args<[...keys: ManyKeys, timeout: Numeric], [string, string] | null>): Result<[string, string] | null, Context>;
  blpopBuffer(...args: Args<[...keys: ManyKeys, timeout: Numeric], [Buffer, Buffer] | null>): Result<[Buffer, Buffer] | null, Context>;
  /** `BRPOP keys... timeout` */
  brpop(...args: Args<[...keys: ManyKeys, timeout: Numeric], [string, string] | null>): Result<[string, string] | null, Context>;
  brpopBuffer(...args: Args<[...keys: ManyKeys, timeout: Numeric], [Buffer, Buffer] | null>): Result<[Buffer, Buffer] | null, Context>;
  /** `BRPOPLPUSH source destination timeout` */
  brpoplpush(source: RedisKey, destination: RedisKey, timeout: Numeric, callback?: Callback<string | null>): Result<string | null, Context>;
  brpoplpushBuffer(source: RedisKey, destination: RedisKey, timeout: Numeric, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  /** `LINDEX key index` */
  lindex(key: RedisKey, index: Numeric, callback?: Callback<string | null>): Result<string | null, Context>;
  lindexBuffer(key: RedisKey, index: Numeric, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  /** `LINSERT key (BEFORE | AFTER) pivot element` */
  linsert(...args: Args<[key: RedisKey, option: 'BEFORE' | 'AFTER', pivot: RedisValue, element: RedisValue], number>): Result<number, Context>;
  linsertBuffer: Commands<Context>['linsert'];
  /** `LLEN key` */
  llen(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  llenBuffer: Commands<Context>['llen'];
  /** `LMOVE source destination (LEFT | RIGHT) (LEFT | RIGHT)` */
  lmove(...args: Args<[source: RedisKey, destination: RedisKey, ...option: [option: 'LEFT' | 'RIGHT'], ...option: [option: 'LEFT' | 'RIGHT']], string>): Result<string, Context>;
  lmoveBuffer(...args: Args<[source: RedisKey, destination: RedisKey, ...option: [option: 'LEFT' | 'RIGHT'], ...option: [option: 'LEFT' | 'RIGHT']], Buffer>): Result<Buffer, Context>;
  /** `LMOVEM source destination (LEFT | RIGHT) (LEFT | RIGHT) [(COUNT | EXACTLY) count (OBO | BULK)]` */
  lmovem(...args: Args<[source: RedisKey, destination: RedisKey, ...option: [option: 'LEFT' | 'RIGHT'], ...option: [option: 'LEFT' | 'RIGHT'], ...option: [] | [option: 'COUNT' | 'EXACTLY', count: Numeric, option: 'OBO' | 'BULK']], string[] | null>): Result<string[] | null, Context>;
  lmovemBuffer(...args: Args<[source: RedisKey, destination: RedisKey, ...option: [option: 'LEFT' | 'RIGHT'], ...option: [option: 'LEFT' | 'RIGHT'], ...option: [] | [option: 'COUNT' | 'EXACTLY', count: Numeric, option: 'OBO' | 'BULK']], Buffer[] | null>): Result<Buffer[] | null, Context>;
  /** `LMPOP numkeys keys... (LEFT | RIGHT) [COUNT count]` */
  lmpop(...args: Args<[numkeys: Numeric, ...keys: ManyKeys, ...option: [option: 'LEFT' | 'RIGHT'], ...option: [] | Count], [key: string, members: string[]] | null>): Result<[key: string, members: string[]] | null, Context>;
  lmpopBuffer(...args: Args<[numkeys: Numeric, ...keys: ManyKeys, ...option: [option: 'LEFT' | 'RIGHT'], ...option: [] | Count], [key: Buffer, members: Buffer[]] | null>): Result<[key: Buffer, members: Buffer[]] | null, Context>;
  /** `LPOP key` */
  lpop(key: RedisKey, callback?: Callback<string | null>): Result<string | null, Context>;
  /** `LPOP key count` */
  lpop(key: RedisKey, count: Numeric, callback?: Callback<string[] | null>): Result<string[] | null, Context>;
  lpopBuffer(key: RedisKey, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  lpopBuffer(key: RedisKey, count: Numeric, callback?: Callback<Buffer[] | null>): Result<Buffer[] | null, Context>;
  /** `LPOS key element [RANK rank] [MAXLEN maxlen]` */
  lpos(...args: Args<[key: RedisKey, element: RedisValue, ...option: [] | [rank: 'RANK', rank: Numeric], ...option: [] | [maxlen: 'MAXLEN', maxlen: Numeric]], number | null>): Result<number | null, Context>;
  /** `LPOS key element [RANK rank] COUNT count [MAXLEN maxlen]` */
  lpos(...args: Args<[key: RedisKey, element: RedisValue, ...option: [] | [rank: 'RANK', rank: Numeric], ...count: Count, ...option: [] | [maxlen: 'MAXLEN', maxlen: Numeric]], number[]>): Result<number[], Context>;
  lposBuffer: Commands<Context>['lpos'];
  /** `LPUSH key elements...` */
  lpush(...args: Args<[key: RedisKey, ...elements: ManyElements], number>): Result<number, Context>;
  lpushBuffer: Commands<Context>['lpush'];
  /** `LPUSHX key elements...` */
  lpushx(...args: Args<[key: RedisKey, ...elements: ManyElements], number>): Result<number, Context>;
  lpushxBuffer: Commands<Context>['lpushx'];
  /** `LRANGE key start stop` */
  lrange(key: RedisKey, start: Numeric, stop: Numeric, callback?: Callback<string[]>): Result<string[], Context>;
  lrangeBuffer(key: RedisKey, start: Numeric, stop: Numeric, callback?: Callback<Buffer[]>): Result<Buffer[], Context>;
  /** `LREM key count element` */
  lrem(key: RedisKey, count: Numeric, element: RedisValue, callback?: Callback<number>): Result<number, Context>;
  lremBuffer: Commands<Context>['lrem'];
  /** `LSET key index element` */
  lset(key: RedisKey, index: Numeric, element: RedisValue, callback?: Callback<'OK'>): Result<'OK', Context>;
  lsetBuffer(key: RedisKey, index: Numeric, element: RedisValue, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `LTRIM key start stop` */
  ltrim(key: RedisKey, start: Numeric, stop: Numeric, callback?: Callback<'OK'>): Result<'OK', Context>;
  ltrimBuffer(key: RedisKey, start: Numeric, stop: Numeric, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `RPOP key` */
  rpop(key: RedisKey, callback?: Callback<string | null>): Result<string | null, Context>;
  /** `RPOP key count` */
  rpop(key: RedisKey, count: Numeric, callback?: Callback<string[] | null>): Result<string[] | null, Context>;
  rpopBuffer(key: RedisKey, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  rpopBuffer(key: RedisKey, count: Numeric, callback?: Callback<Buffer[] | null>): Result<Buffer[] | null, Context>;
  /** `RPOPLPUSH source destination` */
  rpoplpush(source: RedisKey, destination: RedisKey, callback?: Callback<string>): Result<string, Context>;
  rpoplpushBuffer(source: RedisKey, destination: RedisKey, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `RPUSH key elements...` */
  rpush(...args: Args<[key: RedisKey, ...elements: ManyElements], number>): Result<number, Context>;
  rpushBuffer: Commands<Context>['rpush'];
  /** `RPUSHX key elements...` */
  rpushx(...args: Args<[key: RedisKey, ...elements: ManyElements], number>): Result<number, Context>;
  rpushxBuffer: Commands<Context>['rpushx'];

  // Sets

  /** `SADD key members...` */
  sadd(...args: Args<[key: RedisKey, ...members: ManyMembers], number>): Result<number, Context>;
  saddBuffer: Commands<Context>['sadd'];
  /** `SCARD key` */
  scard(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  scardBuffer: Commands<Context>['scard'];
  /** `SDIFF keys...` */
  sdiff(...args: Args<[...keys: ManyKeys], string[]>): Result<string[], Context>;
  sdiffBuffer(...args: Args<[...keys: ManyKeys], Buffer[]>): Result<Buffer[], Context>;
  /** `SDIFFCARD numkeys keys... [LIMIT limit]` */
  sdiffcard(...args: Args<[numkeys: Numeric, ...keys: ManyKeys, ...option: [] | [limit: 'LIMIT', limit: Numeric]], number>): Result<number, Context>;
  sdiffcardBuffer: Commands<Context>['sdiffcard'];
  /** `SDIFFSTORE destination keys...` */
  sdiffstore(...args: Args<[destination: RedisKey, ...keys: ManyKeys], number>): Result<number, Context>;
  sdiffstoreBuffer: Commands<Context>['sdiffstore'];
  /** `SINTER keys...` */
  sinter(...args: Args<[...keys: ManyKeys], string[]>): Result<string[], Context>;
  sinterBuffer(...args: Args<[...keys: ManyKeys], Buffer[]>): Result<Buffer[], Context>;
  /** `SINTERCARD numkeys keys... [LIMIT limit]` */
  sintercard(...args: Args<[numkeys: Numeric, ...keys: ManyKeys, ...option: [] | [limit: 'LIMIT', limit: Numeric]], number>): Result<number, Context>;
  sintercardBuffer: Commands<Context>['sintercard'];
  /** `SINTERSTORE destination keys...` */
  sinterstore(...args: Args<[destination: RedisKey, ...keys: ManyKeys], number>): Result<number, Context>;
  sinterstoreBuffer: Commands<Context>['sinterstore'];
  /** `SISMEMBER key member` */
  sismember(key: RedisKey, member: RedisValue, callback?: Callback<number>): Result<number, Context>;
  sismemberBuffer: Commands<Context>['sismember'];
  /** `SMEMBERS key` */
  smembers(key: RedisKey, callback?: Callback<string[]>): Result<string[], Context>;
  smembersBuffer(key: RedisKey, callback?: Callback<Buffer[]>): Result<Buffer[], Context>;
  /** `SMISMEMBER key members...` */
  smismember(...args: Args<[key: RedisKey, ...members: ManyMembers], number[]>): Result<number[], Context>;
  smismemberBuffer: Commands<Context>['smismember'];
  /** `SMOVE source destination member` */
  smove(source: RedisKey, destination: RedisKey, member: RedisValue, callback?: Callback<number>): Result<number, Context>;
  smoveBuffer: Commands<Context>['smove'];
  /** `SPOP key` */
  spop(key: RedisKey, callback?: Callback<string | null>): Result<string | null, Context>;
  /** `SPOP key count` */
  spop(key: RedisKey, count: Numeric, callback?: Callback<string[]>): Result<string[], Context>;
  spopBuffer(key: RedisKey, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  spopBuffer(key: RedisKey, count: Numeric, callback?: Callback<Buffer[]>): Result<Buffer[], Context>;
  /** `SRANDMEMBER key` */
  srandmember(key: RedisKey, callback?: Callback<string | null>): Result<string | null, Context>;
  /** `SRANDMEMBER key count` */
  srandmember(key: RedisKey, count: Numeric, callback?: Callback<string[]>): Result<string[], Context>;
  srandmemberBuffer(key: RedisKey, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  srandmemberBuffer(key: RedisKey, count: Numeric, callback?: Callback<Buffer[]>): Result<Buffer[], Context>;
  /** `SREM key members...` */
  srem(...args: Args<[key: RedisKey, ...members: ManyMembers], number>): Result<number, Context>;
  sremBuffer: Commands<Context>['srem'];
  /** `SSCAN key cursor {[MATCH pattern] [COUNT count]}` */
  sscan(...args: Args<[key: RedisKey, cursor: Numeric, ...scan: Scan], [cursor: string, elements: string[]]>): Result<[cursor: string, elements: string[]], Context>;
  sscanBuffer(...args: Args<[key: RedisKey, cursor: Numeric, ...scan: Scan], [cursor: Buffer, elements: Buffer[]]>): Result<[cursor: Buffer, elements: Buffer[]], Context>;
  /** `SUNION keys...` */
  sunion(...args: Args<[...keys: ManyKeys], string[]>): Result<string[], Context>;
  sunionBuffer(...args: Args<[...keys: ManyKeys], Buffer[]>): Result<Buffer[], Context>;
  /** `SUNIONCARD numkeys keys... [APPROX] [LIMIT limit]` */
  sunioncard(...args: Args<[numkeys: Numeric, ...keys: ManyKeys, ...option: [] | [approx: 'APPROX'], ...option: [] | [limit: 'LIMIT', limit: Numeric]], number>): Result<number, Context>;
  sunioncardBuffer: Commands<Context>['sunioncard'];
  /** `SUNIONSTORE destination keys...` */
  sunionstore(...args: Args<[destination: RedisKey, ...keys: ManyKeys], number>): Result<number, Context>;
  sunionstoreBuffer: Commands<Context>['sunionstore'];

  // Sorted sets

  /** `BZMPOP timeout numkeys keys... (MIN | MAX) [COUNT count]` */
  bzmpop(...args: Args<[timeout: Numeric, numkeys: Numeric, ...keys: ManyKeys, option: 'MIN' | 'MAX', ...option: [] | Count], [key: string, members: [member: string, score: string][]] | null>): Result<[key: string, members: [member: string, score: string][]] | null, Context>;
  bzmpopBuffer(...args: Args<[timeout: Numeric, numkeys: Numeric, ...keys: ManyKeys, option: 'MIN' | 'MAX', ...option: [] | Count], [key: Buffer, members: [member: Buffer, score: Buffer][]] | null>): Result<[key: Buffer, members: [member: Buffer, score: Buffer][]] | null, Context>;
  /** `BZPOPMAX keys... timeout` */
  bzpopmax(...args: Args<[...keys: ManyKeys, timeout: Numeric], [key: string, member: string, score: string] | null>): Result<[key: string, member: string, score: string] | null, Context>;
  bzpopmaxBuffer(...args: Args<[...keys: ManyKeys, timeout: Numeric], [key: Buffer, member: Buffer, score: Buffer] | null>): Result<[key: Buffer, member: Buffer, score: Buffer] | null, Context>;
  /** `BZPOPMIN keys... timeout` */
  bzpopmin(...args: Args<[...keys: ManyKeys, timeout: Numeric], [key: string, member: string, score: string] | null>): Result<[key: string, member: string, score: string] | null, Context>;
  bzpopminBuffer(...args: Args<[...keys: ManyKeys, timeout: Numeric], [key: Buffer, member: Buffer, score: Buffer] | null>): Result<[key: Buffer, member: Buffer, score: Buffer] | null, Context>;
  /** `ZADD key (NX | XX) [GT | LT] [CH] INCR scoresAndMembers...` */
  zadd(...args: Args<[key: RedisKey, option: 'NX' | 'XX', ...option: [] | [option: 'GT' | 'LT'], ...option: [] | [ch: 'CH'], incr: 'INCR', ...scoresAndMembers: ManyScoresAndMembers], string | null>): Result<string | null, Context>;
  /** `ZADD key [GT | LT] [CH] INCR scoresAndMembers...` */
  zadd(...args: Args<[key: RedisKey, ...option: [] | [option: 'GT' | 'LT'], ...option: [] | [ch: 'CH'], incr: 'INCR', ...scoresAndMembers: ManyScoresAndMembers], string>): Result<string, Context>;
  /** `ZADD key [NX | XX] [GT | LT] [CH] scoresAndMembers...` */
  zadd(...args: Args<[key: RedisKey, ...option: [] | [option: 'NX' | 'XX'], ...option: [] | [option: 'GT' | 'LT'], ...option: [] | [ch: 'CH'], ...scoresAndMembers: ManyScoresAndMembers], number>): Result<number, Context>;
  zaddBuffer(...args: Args<[key: RedisKey, option: 'NX' | 'XX', ...option: [] | [option: 'GT' | 'LT'], ...option: [] | [ch: 'CH'], incr: 'INCR', ...scoresAndMembers: ManyScoresAndMembers], Buffer | null>): Result<Buffer | null, Context>;
  zaddBuffer(...args: Args<[key: RedisKey, ...option: [] | [option: 'GT' | 'LT'], ...option: [] | [ch: 'CH'], incr: 'INCR', ...scoresAndMembers: ManyScoresAndMembers], Buffer>): Result<Buffer, Context>;
  zaddBuffer(...args: Args<[key: RedisKey, ...option: [] | [option: 'NX' | 'XX'], ...option: [] | [option: 'GT' | 'LT'], ...option: [] | [ch: 'CH'], ...scoresAndMembers: ManyScoresAndMembers], number>): Result<number, Context>;
  /** `ZCARD key` */
  zcard(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  zcardBuffer: Commands<Context>['zcard'];
  /** `ZCOUNT key min max` */
  zcount(key: RedisKey, min: RedisValue, max: RedisValue, callback?: Callback<number>): Result<number, Context>;
  zcountBuffer: Commands<Context>['zcount'];
  /** `ZDIFF numkeys keys... [WITHSCORES]` */
  zdiff(...args: Args<[numkeys: Numeric, ...keys: ManyKeys, ...option: [] | [withscores: 'WITHSCORES']], string[]>): Result<string[], Context>;
  zdiffBuffer(...args: Args<[numkeys: Numeric, ...keys: ManyKeys, ...option: [] | [withscores: 'WITHSCORES']], Buffer[]>): Result<Buffer[], Context>;
  /** `ZDIFFSTORE destination numkeys keys...` */
  zdiffstore(...args: Args<[destination: RedisKey, numkeys: Numeric, ...keys: ManyKeys], number>): Result<number, Context>;
  zdiffstoreBuffer: Commands<Context>['zdiffstore'];
  /** `ZINCRBY key increment member` */
  zincrby(key: RedisKey, increment: Numeric, member: RedisValue, callback?: Callback<string>): Result<string, Context>;
  zincrbyBuffer(key: RedisKey, increment: Numeric, member: RedisValue, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `ZINTER numkeys keysAndWeights... [AGGREGATE (SUM | MIN | MAX | COUNT)] [WITHSCORES]` */
  zinter(...args: Args<[numkeys: Numeric, ...keysAndWeights: ManyKeysAndWeights, ...option: [] | [aggregate: 'AGGREGATE', option: 'SUM' | 'MIN' | 'MAX' | 'COUNT'], ...option: [] | [withscores: 'WITHSCORES']], string[]>): Result<string[], Context>;
  zinterBuffer(...args: Args<[numkeys: Numeric, ...keysAndWeights: ManyKeysAndWeights, ...option: [] | [aggregate: 'AGGREGATE', option: 'SUM' | 'MIN' | 'MAX' | 'COUNT'], ...option: [] | [withscores: 'WITHSCORES']], Buffer[]>): Result<Buffer[], Context>;
  /** `ZINTERCARD numkeys keys... [LIMIT limit]` */
  zintercard(...args: Args<[numkeys: Numeric, ...keys: ManyKeys, ...option: [] | [limit: 'LIMIT', limit: Numeric]], number>): Result<number, Context>;
  zintercardBuffer: Commands<Context>['zintercard'];
  /** `ZINTERSTORE destination numkeys keysAndWeights... [AGGREGATE (SUM | MIN | MAX | COUNT)]` */
  zinterstore(...args: Args<[destination: RedisKey, numkeys: Numeric, ...keysAndWeights: ManyKeysAndWeights, ...option: [] | [aggregate: 'AGGREGATE', option: 'SUM' | 'MIN' | 'MAX' | 'COUNT']], number>): Result<number, Context>;
  zinterstoreBuffer: Commands<Context>['zinterstore'];
  /** `ZLEXCOUNT key min max` */
  zlexcount(key: RedisKey, min: RedisValue, max: RedisValue, callback?: Callback<number>): Result<number, Context>;
  zlexcountBuffer: Commands<Context>['zlexcount'];
  /** `ZMPOP numkeys keys... (MIN | MAX) [COUNT count]` */
  zmpop(...args: Args<[numkeys: Numeric, ...keys: ManyKeys, option: 'MIN' | 'MAX', ...option: [] | Count], [key: string, members: [member: string, score: string][]] | null>): Result<[key: string, members: [member: string, score: string][]] | null, Context>;
  zmpopBuffer(...args: Args<[numkeys: Numeric, ...keys: ManyKeys, option: 'MIN' | 'MAX', ...option: [] | Count], [key: Buffer, members: [member: Buffer, score: Buffer][]] | null>): Result<[key: Buffer, members: [member: Buffer, score: Buffer][]] | null, Context>;
  /** `ZMSCORE key members...` */
  zmscore(...args: Args<[key: RedisKey, ...members: ManyMembers], (string | null)[]>): Result<(string | null)[], Context>;
  zmscoreBuffer(...args: Args<[key: RedisKey, ...members: ManyMembers], (Buffer | null)[]>): Result<(Buffer | null)[], Context>;
  /** `ZPOPMAX key [count]` */
  zpopmax(...args: Args<[key: RedisKey, ...option: [] | [count: Numeric]], string[]>): Result<string[], Context>;
  zpopmaxBuffer(...args: Args<[key: RedisKey, ...option: [] | [count: Numeric]], Buffer[]>): Result<Buffer[], Context>;
  /** `ZPOPMIN key [count]` */
  zpopmin(...args: Args<[key: RedisKey, ...option: [] | [count: Numeric]], string[]>): Result<string[], Context>;
  zpopminBuffer(...args: Args<[key: RedisKey, ...option: [] | [count: Numeric]], Buffer[]>): Result<Buffer[], Context>;
  /** `ZRANDMEMBER key` */
  zrandmember(key: RedisKey, callback?: Callback<string | null>): Result<string | null, Context>;
  /** `ZRANDMEMBER key count [WITHSCORES]` */
  zrandmember(...args: Args<[key: RedisKey, count: Numeric, ...option: [] | [withscores: 'WITHSCORES']], string[]>): Result<string[], Context>;
  zrandmemberBuffer(key: RedisKey, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  zrandmemberBuffer(...args: Args<[key: RedisKey, count: Numeric, ...option: [] | [withscores: 'WITHSCORES']], Buffer[]>): Result<Buffer[], Context>;
  /** `ZRANGE key min max [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]` */
  zrange(...args: Args<[key: RedisKey, min: RedisValue, max: RedisValue, ...option: [] | [option: 'BYSCORE' | 'BYLEX'], ...option: [] | [rev: 'REV'], ...option: [] | Limit, ...option: [] | [withscores: 'WITHSCORES']], string[]>): Result<string[], Context>;
  zrangeBuffer(...args: Args<[key: RedisKey, min: RedisValue, max: RedisValue, ...option: [] | [option: 'BYSCORE' | 'BYLEX'], ...option: [] | [rev: 'REV'], ...option: [] | Limit, ...option: [] | [withscores: 'WITHSCORES']], Buffer[]>): Result<Buffer[], Context>;
  /** `ZRANGEBYLEX key min max [LIMIT offset count]` */
  zrangebylex(...args: Args<[key: RedisKey, min: RedisValue, max: RedisValue, ...option: [] | Limit], string[]>): Result<string[], Context>;
  zrangebylexBuffer(...args: Args<[key: RedisKey, min: RedisValue, max: RedisValue, ...option: [] | Limit], Buffer[]>): Result<Buffer[], Context>;
  /** `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]` */
  zrangebyscore(...args: Args<[key: RedisKey, min: RedisValue, max: RedisValue, ...option: [] | [withscores: 'WITHSCORES'], ...option: [] | Limit], string[]>): Result<string[], Context>;
  /** `ZRANGEBYSCORE key min max LIMIT offset count WITHSCORES` */
  zrangebyscore(...args: Args<[key: RedisKey, min: RedisValue, max: RedisValue, ...limit: Limit, withscores: 'WITHSCORES'], string[]>): Result<string[], Context>;
  zrangebyscoreBuffer(...args: Args<[key: RedisKey, min: RedisValue, max: RedisValue, ...option: [] | [withscores: 'WITHSCORES'], ...option: [] | Limit], Buffer[]>): Result<Buffer[], Context>;
  zrangebyscoreBuffer(...args: Args<[key: RedisKey, min: RedisValue, max: RedisValue, ...limit: Limit, withscores: 'WITHSCORES'], Buffer[]>): Result<Buffer[], Context>;
  /** `ZRANGESTORE destination source min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]` */
  zrangestore(...args: Args<[destination: RedisKey, source: RedisKey, min: RedisValue, max: RedisValue, ...option: [] | [option: 'BYSCORE' | 'BYLEX'], ...option: [] | [rev: 'REV'], ...option: [] | Limit], number>): Result<number, Context>;
  zrangestoreBuffer: Commands<Context>['zrangestore'];
  /** `ZRANK key member` */
  zrank(key: RedisKey, member: RedisValue, callback?: Callback<number | null>): Result<number | null, Context>;
  /** `ZRANK key member WITHSCORE` */
  zrank(...args: Args<[key: RedisKey, member: RedisValue, withscore: 'WITHSCORE'], [rank: number, score: string] | null>): Result<[rank: number, score: string] | null, Context>;
  zrankBuffer(key: RedisKey, member: RedisValue, callback?: Callback<number | null>): Result<number | null, Context>;
  zrankBuffer(...args: Args<[key: RedisKey, member: RedisValue, withscore: 'WITHSCORE'], [rank: number, score: Buffer] | null>): Result<[rank: number, score: Buffer] | null, Context>;
  /** `ZREM key members...` */
  zrem(...args: Args<[key: RedisKey, ...members: ManyMembers], number>): Result<number, Context>;
  zremBuffer: Commands<Context>['zrem'];
  /** `ZREMRANGEBYLEX key min max` */
  zremrangebylex(key: RedisKey, min: RedisValue, max: RedisValue, callback?: Callback<number>): Result<number, Context>;
  zremrangebylexBuffer: Commands<Context>['zremrangebylex'];
  /** `ZREMRANGEBYRANK key start stop` */
  zremrangebyrank(key: RedisKey, start: Numeric, stop: Numeric, callback?: Callback<number>): Result<number, Context>;
  zremrangebyrankBuffer: Commands<Context>['zremrangebyrank'];
  /** `ZREMRANGEBYSCORE key min max` */
  zremrangebyscore(key: RedisKey, min: RedisValue, max: RedisValue, callback?: Callback<number>): Result<number, Context>;
  zremrangebyscoreBuffer: Commands<Context>['zremrangebyscore'];
  /** `ZREVRANGE key start stop [WITHSCORES]` */
  zrevrange(...args: Args<[key: RedisKey, start: Numeric, stop: Numeric, ...option: [] | [withscores: 'WITHSCORES']], string[]>): Result<string[], Context>;
  zrevrangeBuffer(...args: Args<[key: RedisKey, start: Numeric, stop: Numeric, ...option: [] | [withscores: 'WITHSCORES']], Buffer[]>): Result<Buffer[], Context>;
  /** `ZREVRANGEBYLEX key max min [LIMIT offset count]` */
  zrevrangebylex(...args: Args<[key: RedisKey, max: RedisValue, min: RedisValue, ...option: [] | Limit], string[]>): Result<string[], Context>;
  zrevrangebylexBuffer(...args: Args<[key: RedisKey, max: RedisValue, min: RedisValue, ...option: [] | Limit], Buffer[]>): Result<Buffer[], Context>;
  /** `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]` */
  zrevrangebyscore(...args: Args<[key: RedisKey, max: RedisValue, min: RedisValue, ...option: [] | [withscores: 'WITHSCORES'], ...option: [] | Limit], string[]>): Result<string[], Context>;
  /** `ZREVRANGEBYSCORE key max min LIMIT offset count WITHSCORES` */
  zrevrangebyscore(...args: Args<[key: RedisKey, max: RedisValue, min: RedisValue, ...limit: Limit, withscores: 'WITHSCORES'], string[]>): Result<string[], Context>;
  zrevrangebyscoreBuffer(...args: Args<[key: RedisKey, max: RedisValue, min: RedisValue, ...option: [] | [withscores: 'WITHSCORES'], ...option: [] | Limit], Buffer[]>): Result<Buffer[], Context>;
  zrevrangebyscoreBuffer(...args: Args<[key: RedisKey, max: RedisValue, min: RedisValue, ...limit: Limit, withscores: 'WITHSCORES'], Buffer[]>): Result<Buffer[], Context>;
  /** `ZREVRANK key member` */
  zrevrank(key: RedisKey, member: RedisValue, callback?: Callback<number | null>): Result<number | null, Context>;
  /** `ZREVRANK key member WITHSCORE` */
  zrevrank(...args: Args<[key: RedisKey, member: RedisValue, withscore: 'WITHSCORE'], [rank: number, score: string] | null>): Result<[rank: number, score: string] | null, Context>;
  zrevrankBuffer(key: RedisKey, member: RedisValue, callback?: Callback<number | null>): Result<number | null, Context>;
  zrevrankBuffer(...args: Args<[key: RedisKey, member: RedisValue, withscore: 'WITHSCORE'], [rank: number, score: Buffer] | null>): Result<[rank: number, score: Buffer] | null, Context>;
  /** `ZSCAN key cursor {[MATCH pattern] [COUNT count]}` */
  zscan(...args: Args<[key: RedisKey, cursor: Numeric, ...scan: Scan], [cursor: string, elements: string[]]>): Result<[cursor: string, elements: string[]], Context>;
  zscanBuffer(...args: Args<[key: RedisKey, cursor: Numeric, ...scan: Scan], [cursor: Buffer, elements: Buffer[]]>): Result<[cursor: Buffer, elements: Buffer[]], Context>;
  /** `ZSCORE key member` */
  zscore(key: RedisKey, member: RedisValue, callback?: Callback<string | null>): Result<string | null, Context>;
  zscoreBuffer(key: RedisKey, member: RedisValue, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  /** `ZUNION numkeys keysAndWeights... [AGGREGATE (SUM | MIN | MAX | COUNT)] [WITHSCORES]` */
  zunion(...args: Args<[numkeys: Numeric, ...keysAndWeights: ManyKeysAndWeights, ...option: [] | [aggregate: 'AGGREGATE', option: 'SUM' | 'MIN' | 'MAX' | 'COUNT'], ...option: [] | [withscores: 'WITHSCORES']], string[]>): Result<string[], Context>;
  zunionBuffer(...args: Args<[numkeys: Numeric, ...keysAndWeights: ManyKeysAndWeights, ...option: [] | [aggregate: 'AGGREGATE', option: 'SUM' | 'MIN' | 'MAX' | 'COUNT'], ...option: [] | [withscores: 'WITHSCORES']], Buffer[]>): Result<Buffer[], Context>;
  /** `ZUNIONSTORE destination numkeys keysAndWeights... [AGGREGATE (SUM | MIN | MAX | COUNT)]` */
  zunionstore(...args: Args<[destination: RedisKey, numkeys: Numeric, ...keysAndWeights: ManyKeysAndWeights, ...option: [] | [aggregate: 'AGGREGATE', option: 'SUM' | 'MIN' | 'MAX' | 'COUNT']], number>): Result<number, Context>;
  zunionstoreBuffer: Commands<Context>['zunionstore'];

  // Streams

  /** `XACK key group ids...` */
  xack(...args: Args<[key: RedisKey, group: RedisValue, ...ids: ManyIds], number>): Result<number, Context>;
  xackBuffer: Commands<Context>['xack'];
  /** `XACKDEL key group [KEEPREF | DELREF | ACKED] IDS numids ids...` */
  xackdel(...args: Args<[key: RedisKey, group: RedisValue, ...option: [] | [option: 'KEEPREF' | 'DELREF' | 'ACKED'], ...ids: Ids], number[]>): Result<number[], Context>;
  xackdelBuffer: Commands<Context>['xackdel'];
  /** `XADD key args...` */
  xadd(...args: Args<[key: RedisKey, ...args: ManyArgs], string | null>): Result<string | null, Context>;
  xaddBuffer(...args: Args<[key: RedisKey, ...args: ManyArgs], Buffer | null>): Result<Buffer | null, Context>;
  /** `XAUTOCLAIM key group consumer minIdleTime startId [COUNT count]` */
  xautoclaim(...args: Args<[key: RedisKey, group: RedisValue, consumer: RedisValue, minIdleTime: RedisValue, startId: RedisValue, ...option: [] | Count], [cursor: string, entries: ([id: string, fields: string[]] | null)[], deleted?: string[]]>): Result<[cursor: string, entries: ([id: string, fields: string[]] | null)[], deleted?: string[]], Context>;
  /** `XAUTOCLAIM key group consumer minIdleTime startId [COUNT count] JUSTID` */
  xautoclaim(...args: Args<[key: RedisKey, group: RedisValue, consumer: RedisValue, minIdleTime: RedisValue, startId: RedisValue, ...option: [] | Count, justid: 'JUSTID'], [cursor: string, ids: string[], deleted?: string[]]>): Result<[cursor: string, ids: string[], deleted?: string[]], Context>;
  xautoclaimBuffer(...args: Args<[key: RedisKey, group: RedisValue, consumer: RedisValue, minIdleTime: RedisValue, startId: RedisValue, ...option: [] | Count], [cursor: Buffer, entries: ([id: Buffer, fields: Buffer[]] | null)[], deleted?: Buffer[]]>): Result<[cursor: Buffer, entries: ([id: Buffer, fields: Buffer[]] | null)[], deleted?: Buffer[]], Context>;
  xautoclaimBuffer(...args: Args<[key: RedisKey, group: RedisValue, consumer: RedisValue, minIdleTime: RedisValue, startId: RedisValue, ...option: [] | Count, justid: 'JUSTID'], [cursor: Buffer, ids: Buffer[], deleted?: Buffer[]]>): Result<[cursor: Buffer, ids: Buffer[], deleted?: Buffer[]], Context>;
  /** `XCFGSET key args...` */
  xcfgset(...args: Args<[key: RedisKey, ...args: ManyArgs], unknown>): Result<unknown, Context>;
  xcfgsetBuffer: Commands<Context>['xcfgset'];
  /** `XCLAIM key group consumer minIdleTime ids... [IDLE idle] [TIME unixMilliseconds] [RETRYCOUNT count] [FORCE] JUSTID [LASTID lastId]` */
  xclaim(...args: Args<[key: RedisKey, group: RedisValue, consumer: RedisValue, minIdleTime: RedisValue, ...ids: ManyIds, ...option: [] | [idle: 'IDLE', idle: Numeric], ...option: [] | [time: 'TIME', unixMilliseconds: Numeric], ...option: [] | [retrycount: 'RETRYCOUNT', count: Numeric], ...option: [] | [force: 'FORCE'], justid: 'JUSTID', ...option: [] | [lastid: 'LASTID', lastId: RedisValue]], string[]>): Result<string[], Context>;
  /** `XCLAIM key group consumer minIdleTime ids... [IDLE idle] [TIME unixMilliseconds] [RETRYCOUNT count] [FORCE] [LASTID lastId]` */
  xclaim(...args: Args<[key: RedisKey, group: RedisValue, consumer: RedisValue, minIdleTime: RedisValue, ...ids: ManyIds, ...option: [] | [idle: 'IDLE', idle: Numeric], ...option: [] | [time: 'TIME', unixMilliseconds: Numeric], ...option: [] | [retrycount: 'RETRYCOUNT', count: Numeric], ...option: [] | [force: 'FORCE'], ...option: [] | [lastid: 'LASTID', lastId: RedisValue]], ([id: string, fields: string[]] | null)[]>): Result<([id: string, fields: string[]] | null)[], Context>;
  xclaimBuffer(...args: Args<[key: RedisKey, group: RedisValue, consumer: RedisValue, minIdleTime: RedisValue, ...ids: ManyIds, ...option: [] | [idle: 'IDLE', idle: Numeric], ...option: [] | [time: 'TIME', unixMilliseconds: Numeric], ...option: [] | [retrycount: 'RETRYCOUNT', count: Numeric], ...option: [] | [force: 'FORCE'], justid: 'JUSTID', ...option: [] | [lastid: 'LASTID', lastId: RedisValue]], Buffer[]>): Result<Buffer[], Context>;
  xclaimBuffer(...args: Args<[key: RedisKey, group: RedisValue, consumer: RedisValue, minIdleTime: RedisValue, ...ids: ManyIds, ...option: [] | [idle: 'IDLE', idle: Numeric], ...option: [] | [time: 'TIME', unixMilliseconds: Numeric], ...option: [] | [retrycount: 'RETRYCOUNT', count: Numeric], ...option: [] | [force: 'FORCE'], ...option: [] | [lastid: 'LASTID', lastId: RedisValue]], ([id: Buffer, fields: Buffer[]] | null)[]>): Result<([id: Buffer, fields: Buffer[]] | null)[], Context>;
  /** `XDEL key ids...` */
  xdel(...args: Args<[key: RedisKey, ...ids: ManyIds], number>): Result<number, Context>;
  xdelBuffer: Commands<Context>['xdel'];
  /** `XDELEX key [KEEPREF | DELREF | ACKED] IDS numids ids...` */
  xdelex(...args: Args<[key: RedisKey, ...option: [] | [option: 'KEEPREF' | 'DELREF' | 'ACKED'], ...ids: Ids], number[]>): Result<number[], Context>;
  xdelexBuffer: Commands<Context>['xdelex'];
  /**
   * - `XGROUP CREATE key group id [MKSTREAM] [ENTRIESREAD number]`
   * - `XGROUP SETID key group id [ENTRIESREAD number]`
   */
  xgroup(...args: Args<[subcommand: 'CREATE', key: RedisKey, group: RedisValue, id: RedisValue, ...option: [] | [mkstream: 'MKSTREAM'], ...option: [] | [entriesread: 'ENTRIESREAD', number: Numeric]] | [subcommand: 'SETID', key: RedisKey, group: RedisValue, id: RedisValue, ...option: [] | [entriesread: 'ENTRIESREAD', number: Numeric]], 'OK'>): Result<'OK', Context>;
  /**
   * - `XGROUP (CREATECONSUMER | DELCONSUMER) key group consumer`
   * - `XGROUP DESTROY key group`
   */
  xgroup(...args: Args<[subcommand: 'CREATECONSUMER' | 'DELCONSUMER', key: RedisKey, group: RedisValue, consumer: RedisValue] | [subcommand: 'DESTROY', key: RedisKey, group: RedisValue], number>): Result<number, Context>;
  /** `XGROUP HELP` */
  xgroup(...args: Args<[subcommand: 'HELP'], string[]>): Result<string[], Context>;
  xgroupBuffer(...args: Args<[subcommand: 'CREATE', key: RedisKey, group: RedisValue, id: RedisValue, ...option: [] | [mkstream: 'MKSTREAM'], ...option: [] | [entriesread: 'ENTRIESREAD', number: Numeric]] | [subcommand: 'SETID', key: RedisKey, group: RedisValue, id: RedisValue, ...option: [] | [entriesread: 'ENTRIESREAD', number: Numeric]], Buffer>): Result<Buffer, Context>;
  xgroupBuffer(...args: Args<[subcommand: 'CREATECONSUMER' | 'DELCONSUMER', key: RedisKey, group: RedisValue, consumer: RedisValue] | [subcommand: 'DESTROY', key: RedisKey, group: RedisValue], number>): Result<number, Context>;
  xgroupBuffer(...args: Args<[subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  /** `XIDMPRECORD key args...` */
  xidmprecord(...args: Args<[key: RedisKey, ...args: ManyArgs], unknown>): Result<unknown, Context>;
  xidmprecordBuffer: Commands<Context>['xidmprecord'];
  /** `XINFO STREAM key [FULL [COUNT count]]` */
  xinfo(...args: Args<[subcommand: 'STREAM', key: RedisKey, ...option: [] | [full: 'FULL', ...option: [] | Count]], unknown[]>): Result<unknown[], Context>;
  /**
   * - `XINFO GROUPS key`
   * - `XINFO CONSUMERS key group`
   */
  xinfo(...args: Args<[subcommand: 'GROUPS', key: RedisKey] | [subcommand: 'CONSUMERS', key: RedisKey, group: RedisValue], unknown[][]>): Result<unknown[][], Context>;
  /** `XINFO HELP` */
  xinfo(...args: Args<[subcommand: 'HELP'], string[]>): Result<string[], Context>;
  xinfoBuffer(...args: Args<[subcommand: 'STREAM', key: RedisKey, ...option: [] | [full: 'FULL', ...option: [] | Count]], unknown[]>): Result<unknown[], Context>;
  xinfoBuffer(...args: Args<[subcommand: 'GROUPS', key: RedisKey] | [subcommand: 'CONSUMERS', key: RedisKey, group: RedisValue], unknown[][]>): Result<unknown[][], Context>;
  xinfoBuffer(...args: Args<[subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  /** `XLEN key` */
  xlen(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  xlenBuffer: Commands<Context>['xlen'];
  /** `XNACK key group (SILENT | FAIL | FATAL) IDS numids ids... [RETRYCOUNT count] [FORCE]` */
  xnack(...args: Args<[key: RedisKey, group: RedisValue, option: 'SILENT' | 'FAIL' | 'FATAL', ...ids: Ids, ...option: [] | [retrycount: 'RETRYCOUNT', count: Numeric], ...option: [] | [force: 'FORCE']], number>): Result<number, Context>;
  xnackBuffer: Commands<Context>['xnack'];
  /** `XPENDING key group` */
  xpending(key: RedisKey, group: RedisValue, callback?: Callback<[count: number, smallest: string | null, greatest: string | null, consumers: [name: string, count: string][] | null]>): Result<[count: number, smallest: string | null, greatest: string | null, consumers: [name: string, count: string][] | null], Context>;
  /** `XPENDING key group [IDLE idle] startId endId count [consumer]` */
  xpending(...args: Args<[key: RedisKey, group: RedisValue, ...option: [] | [idle: 'IDLE', idle: Numeric], startId: RedisValue, endId: RedisValue, count: Numeric, ...option: [] | [consumer: RedisValue]], [id: string, consumer: string, idle: number, deliveries: number][]>): Result<[id: string, consumer: string, idle: number, deliveries: number][], Context>;
  xpendingBuffer(key: RedisKey, group: RedisValue, callback?: Callback<[count: number, smallest: Buffer | null, greatest: Buffer | null, consumers: [name: Buffer, count: Buffer][] | null]>): Result<[count: number, smallest: Buffer | null, greatest: Buffer | null, consumers: [name: Buffer, count: Buffer][] | null], Context>;
  xpendingBuffer(...args: Args<[key: RedisKey, group: RedisValue, ...option: [] | [idle: 'IDLE', idle: Numeric], startId: RedisValue, endId: RedisValue, count: Numeric, ...option: [] | [consumer: RedisValue]], [id: Buffer, consumer: Buffer, idle: number, deliveries: number][]>): Result<[id: Buffer, consumer: Buffer, idle: number, deliveries: number][], Context>;
  /** `XRANGE key startId endId [COUNT count]` */
  xrange(...args: Args<[key: RedisKey, startId: RedisValue, endId: RedisValue, ...option: [] | Count], [id: string, fields: string[]][]>): Result<[id: string, fields: string[]][], Context>;
  xrangeBuffer(...args: Args<[key: RedisKey, startId: RedisValue, endId: RedisValue, ...option: [] | Count], [id: Buffer, fields: Buffer[]][]>): Result<[id: Buffer, fields: Buffer[]][], Context>;
  /** `XREAD [COUNT count] [BLOCK milliseconds] STREAMS keysAndIds...` */
  xread(...args: Args<[...option: [] | Count, ...option: [] | [block: 'BLOCK', milliseconds: Numeric], streams: 'STREAMS', ...keysAndIds: ManyKeysAndIds], [key: string, items: [id: string, fields: string[]][]][] | null>): Result<[key: string, items: [id: string, fields: string[]][]][] | null, Context>;
  /** `XREAD [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] STREAMS keysAndIds...` */
  xread(...args: Args<[...option: [] | Count, ...option: [] | [maxcount: 'MAXCOUNT', maxcount: Numeric], ...option: [] | [maxsize: 'MAXSIZE', maxsize: Numeric], ...option: [] | [block: 'BLOCK', milliseconds: Numeric], streams: 'STREAMS', ...keysAndIds: ManyKeysAndIds], [key: string, items: [id: string, fields: string[]][]][] | null>): Result<[key: string, items: [id: string, fields: string[]][]][] | null, Context>;
  xreadBuffer(...args: Args<[...option: [] | Count, ...option: [] | [block: 'BLOCK', milliseconds: Numeric], streams: 'STREAMS', ...keysAndIds: ManyKeysAndIds], [key: Buffer, items: [id: Buffer, fields: Buffer[]][]][] | null>): Result<[key: Buffer, items: [id: Buffer, fields: Buffer[]][]][] | null, Context>;
  xreadBuffer(...args: Args<[...option: [] | Count, ...option: [] | [maxcount: 'MAXCOUNT', maxcount: Numeric], ...option: [] | [maxsize: 'MAXSIZE', maxsize: Numeric], ...option: [] | [block: 'BLOCK', milliseconds: Numeric], streams: 'STREAMS', ...keysAndIds: ManyKeysAndIds], [key: Buffer, items: [id: Buffer, fields: Buffer[]][]][] | null>): Result<[key: Buffer, items: [id: Buffer, fields: Buffer[]][]][] | null, Context>;
  /** `XREADGROUP GROUP group consumer [COUNT count] [BLOCK milliseconds] [NOACK] STREAMS keysAndIds...` */
  xreadgroup(...args: Args<[subcommand: 'GROUP', group: RedisValue, consumer: RedisValue, ...option: [] | Count, ...option: [] | [block: 'BLOCK', milliseconds: Numeric], ...option: [] | [noack: 'NOACK'], streams: 'STREAMS', ...keysAndIds: ManyKeysAndIds], [key: string, items: [id: string, fields: string[] | null][]][] | null>): Result<[key: string, items: [id: string, fields: string[] | null][]][] | null, Context>;
  /** `XREADGROUP GROUP group consumer [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] [CLAIM minIdle] [NOACK] STREAMS keysAndIds...` */
  xreadgroup(...args: Args<[subcommand: 'GROUP', group: RedisValue, consumer: RedisValue, ...option: [] | Count, ...option: [] | [maxcount: 'MAXCOUNT', maxcount: Numeric], ...option: [] | [maxsize: 'MAXSIZE', maxsize: Numeric], ...option: [] | [block: 'BLOCK', milliseconds: Numeric], ...option: [] | [claim: 'CLAIM', minIdle: Numeric], ...option: [] | [noack: 'NOACK'], streams: 'STREAMS', ...keysAndIds: ManyKeysAndIds], [key: string, items: [id: string, fields: string[] | null][]][] | null>): Result<[key: string, items: [id: string, fields: string[] | null][]][] | null, Context>;
  xreadgroupBuffer(...args: Args<[subcommand: 'GROUP', group: RedisValue, consumer: RedisValue, ...option: [] | Count, ...option: [] | [block: 'BLOCK', milliseconds: Numeric], ...option: [] | [noack: 'NOACK'], streams: 'STREAMS', ...keysAndIds: ManyKeysAndIds], [key: Buffer, items: [id: Buffer, fields: Buffer[] | null][]][] | null>): Result<[key: Buffer, items: [id: Buffer, fields: Buffer[] | null][]][] | null, Context>;
  xreadgroupBuffer(...args: Args<[subcommand: 'GROUP', group: RedisValue, consumer: RedisValue, ...option: [] | Count, ...option: [] | [maxcount: 'MAXCOUNT', maxcount: Numeric], ...option: [] | [maxsize: 'MAXSIZE', maxsize: Numeric], ...option: [] | [block: 'BLOCK', milliseconds: Numeric], ...option: [] | [claim: 'CLAIM', minIdle: Numeric], ...option: [] | [noack: 'NOACK'], streams: 'STREAMS', ...keysAndIds: ManyKeysAndIds], [key: Buffer, items: [id: Buffer, fields: Buffer[] | null][]][] | null>): Result<[key: Buffer, items: [id: Buffer, fields: Buffer[] | null][]][] | null, Context>;
  /** `XREVRANGE key endId startId [COUNT count]` */
  xrevrange(...args: Args<[key: RedisKey, endId: RedisValue, startId: RedisValue, ...option: [] | Count], [id: string, fields: string[]][]>): Result<[id: string, fields: string[]][], Context>;
  xrevrangeBuffer(...args: Args<[key: RedisKey, endId: RedisValue, startId: RedisValue, ...option: [] | Count], [id: Buffer, fields: Buffer[]][]>): Result<[id: Buffer, fields: Buffer[]][], Context>;
  /** `XSETID key lastId [ENTRIESADDED number] [MAXDELETEDID maxDeletedId]` */
  xsetid(...args: Args<[key: RedisKey, lastId: RedisValue, ...option: [] | [entriesadded: 'ENTRIESADDED', number: Numeric], ...option: [] | [maxdeletedid: 'MAXDELETEDID', maxDeletedId: RedisValue]], 'OK'>): Result<'OK', Context>;
  xsetidBuffer(...args: Args<[key: RedisKey, lastId: RedisValue, ...option: [] | [entriesadded: 'ENTRIESADDED', number: Numeric], ...option: [] | [maxdeletedid: 'MAXDELETEDID', maxDeletedId: RedisValue]], Buffer>): Result<Buffer, Context>;
  /** `XTRIM key (MAXLEN | MINID) [= | ~] threshold [LIMIT limit] [KEEPREF | DELREF | ACKED]` */
  xtrim(...args: Args<[key: RedisKey, option: 'MAXLEN' | 'MINID', ...option: [] | [option: '=' | '~'], threshold: RedisValue, ...option: [] | [limit: 'LIMIT', limit: Numeric], ...option: [] | [option: 'KEEPREF' | 'DELREF' | 'ACKED']], number>): Result<number, Context>;
  xtrimBuffer: Commands<Context>['xtrim'];

  // Geo

  /** `GEOADD key [NX | XX] [CH] longitudesLatitudesAndMembers...` */
  geoadd(...args: Args<[key: RedisKey, ...option: [] | [option: 'NX' | 'XX'], ...option: [] | [ch: 'CH'], ...longitudesLatitudesAndMembers: ManyLongitudesLatitudesAndMembers], number>): Result<number, Context>;
  geoaddBuffer: Commands<Context>['geoadd'];
  /** `GEODIST key member1 member2 [M | KM | FT | MI]` */
  geodist(...args: Args<[key: RedisKey, member1: RedisValue, member2: RedisValue, ...option: [] | [option: 'M' | 'KM' | 'FT' | 'MI']], string | null>): Result<string | null, Context>;
  geodistBuffer(...args: Args<[key: RedisKey, member1: RedisValue, member2: RedisValue, ...option: [] | [option: 'M' | 'KM' | 'FT' | 'MI']], Buffer | null>): Result<Buffer | null, Context>;
  /** `GEOHASH key members...` */
  geohash(...args: Args<[key: RedisKey, ...members: ManyMembers], string[]>): Result<string[], Context>;
  geohashBuffer(...args: Args<[key: RedisKey, ...members: ManyMembers], Buffer[]>): Result<Buffer[], Context>;
  /** `GEOPOS key members...` */
  geopos(...args: Args<[key: RedisKey, ...members: ManyMembers], ([longitude: string, latitude: string] | null)[]>): Result<([longitude: string, latitude: string] | null)[], Context>;
  geoposBuffer(...args: Args<[key: RedisKey, ...members: ManyMembers], ([longitude: Buffer, latitude: Buffer] | null)[]>): Result<([longitude: Buffer, latitude: Buffer] | null)[], Context>;
  /** `GEORADIUS key longitude latitude radius (M | KM | FT | MI) [COUNT count [ANY]] [ASC | DESC]` */
  georadius(...args: Args<[key: RedisKey, longitude: Numeric, latitude: Numeric, radius: Numeric, ...option: [option: 'M' | 'KM' | 'FT' | 'MI'], ...option: [] | [count: 'COUNT', count: Numeric, ...option: [] | [any: 'ANY']], ...option: [] | [option: 'ASC' | 'DESC']], string[]>): Result<string[], Context>;
  /** `GEORADIUS key longitude latitude radius args...` */
  georadius(...args: Args<[key: RedisKey, longitude: Numeric, latitude: Numeric, radius: Numeric, ...args: ManyArgs], unknown[]>): Result<unknown[], Context>;
  georadiusBuffer(...args: Args<[key: RedisKey, longitude: Numeric, latitude: Numeric, radius: Numeric, ...option: [option: 'M' | 'KM' | 'FT' | 'MI'], ...option: [] | [count: 'COUNT', count: Numeric, ...option: [] | [any: 'ANY']], ...option: [] | [option: 'ASC' | 'DESC']], Buffer[]>): Result<Buffer[], Context>;
  georadiusBuffer(...args: Args<[key: RedisKey, longitude: Numeric, latitude: Numeric, radius: Numeric, ...args: ManyArgs], unknown[]>): Result<unknown[], Context>;
  /** `GEORADIUS_RO key longitude latitude radius (M | KM | FT | MI) [COUNT count [ANY]] [ASC | DESC]` */
  georadius_ro(...args: Args<[key: RedisKey, longitude: Numeric, latitude: Numeric, radius: Numeric, ...option: [option: 'M' | 'KM' | 'FT' | 'MI'], ...option: [] | [count: 'COUNT', count: Numeric, ...option: [] | [any: 'ANY']], ...option: [] | [option: 'ASC' | 'DESC']], string[]>): Result<string[], Context>;
  /** `GEORADIUS_RO key longitude latitude radius args...` */
  georadius_ro(...args: Args<[key: RedisKey, longitude: Numeric, latitude: Numeric, radius: Numeric, ...args: ManyArgs], unknown[]>): Result<unknown[], Context>;
  georadius_roBuffer(...args: Args<[key: RedisKey, longitude: Numeric, latitude: Numeric, radius: Numeric, ...option: [option: 'M' | 'KM' | 'FT' | 'MI'], ...option: [] | [count: 'COUNT', count: Numeric, ...option: [] | [any: 'ANY']], ...option: [] | [option: 'ASC' | 'DESC']], Buffer[]>): Result<Buffer[], Context>;
  georadius_roBuffer(...args: Args<[key: RedisKey, longitude: Numeric, latitude: Numeric, radius: Numeric, ...args: ManyArgs], unknown[]>): Result<unknown[], Context>;
  /** `GEORADIUSBYMEMBER key member radius (M | KM | FT | MI) [COUNT count [ANY]] [ASC | DESC]` */
  georadiusbymember(...args: Args<[key: RedisKey, member: RedisValue, radius: Numeric, ...option: [option: 'M' | 'KM' | 'FT' | 'MI'], ...option: [] | [count: 'COUNT', count: Numeric, ...option: [] | [any: 'ANY']], ...option: [] | [option: 'ASC' | 'DESC']], string[]>): Result<string[], Context>;
  /** `GEORADIUSBYMEMBER key member radius args...` */
  georadiusbymember(...args: Args<[key: RedisKey, member: RedisValue, radius: Numeric, ...args: ManyArgs], unknown[]>): Result<unknown[], Context>;
  georadiusbymemberBuffer(...args: Args<[key: RedisKey, member: RedisValue, radius: Numeric, ...option: [option: 'M' | 'KM' | 'FT' | 'MI'], ...option: [] | [count: 'COUNT', count: Numeric, ...option: [] | [any: 'ANY']], ...option: [] | [option: 'ASC' | 'DESC']], Buffer[]>): Result<Buffer[], Context>;
  georadiusbymemberBuffer(...args: Args<[key: RedisKey, member: RedisValue, radius: Numeric, ...args: ManyArgs], unknown[]>): Result<unknown[], Context>;
  /** `GEORADIUSBYMEMBER_RO key member radius (M | KM | FT | MI) [COUNT count [ANY]] [ASC | DESC]` */
  georadiusbymember_ro(...args: Args<[key: RedisKey, member: RedisValue, radius: Numeric, ...option: [option: 'M' | 'KM' | 'FT' | 'MI'], ...option: [] | [count: 'COUNT', count: Numeric, ...option: [] | [any: 'ANY']], ...option: [] | [option: 'ASC' | 'DESC']], string[]>): Result<string[], Context>;
  /** `GEORADIUSBYMEMBER_RO key member radius args...` */
  georadiusbymember_ro(...args: Args<[key: RedisKey, member: RedisValue, radius: Numeric, ...args: ManyArgs], unknown[]>): Result<unknown[], Context>;
  georadiusbymember_roBuffer(...args: Args<[key: RedisKey, member: RedisValue, radius: Numeric, ...option: [option: 'M' | 'KM' | 'FT' | 'MI'], ...option: [] | [count: 'COUNT', count: Numeric, ...option: [] | [any: 'ANY']], ...option: [] | [option: 'ASC' | 'DESC']], Buffer[]>): Result<Buffer[], Context>;
  georadiusbymember_roBuffer(...args: Args<[key: RedisKey, member: RedisValue, radius: Numeric, ...args: ManyArgs], unknown[]>): Result<unknown[], Context>;
  /** `GEOSEARCH key ((FROMMEMBER member | FROMLONLAT longitude latitude) (BYRADIUS radius (M | KM | FT | MI) | BYBOX width height (M | KM | FT | MI)) [ASC | DESC] [COUNT count [ANY]])` */
  geosearch(...args: Args<[key: RedisKey, ...geo: Geo], string[]>): Result<string[], Context>;
  /** `GEOSEARCH key args...` */
  geosearch(...args: Args<[key: RedisKey, ...args: ManyArgs], unknown[]>): Result<unknown[], Context>;
  geosearchBuffer(...args: Args<[key: RedisKey, ...geo: Geo], Buffer[]>): Result<Buffer[], Context>;
  geosearchBuffer(...args: Args<[key: RedisKey, ...args: ManyArgs], unknown[]>): Result<unknown[], Context>;
  /** `GEOSEARCHSTORE destination source args...` */
  geosearchstore(...args: Args<[destination: RedisKey, source: RedisKey, ...args: ManyArgs], number>): Result<number, Context>;
  geosearchstoreBuffer: Commands<Context>['geosearchstore'];

  // Arrays

  /** `ARCOUNT key` */
  arcount(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  arcountBuffer: Commands<Context>['arcount'];
  /** `ARDEL key indices...` */
  ardel(...args: Args<[key: RedisKey, ...indices: ManyIndices], number>): Result<number, Context>;
  ardelBuffer: Commands<Context>['ardel'];
  /** `ARDELRANGE key ranges...` */
  ardelrange(...args: Args<[key: RedisKey, ...ranges: ManyRanges], number>): Result<number, Context>;
  ardelrangeBuffer: Commands<Context>['ardelrange'];
  /** `ARGET key index` */
  arget(key: RedisKey, index: Numeric, callback?: Callback<string | null>): Result<string | null, Context>;
  argetBuffer(key: RedisKey, index: Numeric, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  /** `ARGETRANGE key start end` */
  argetrange(key: RedisKey, start: Numeric, end: Numeric, callback?: Callback<(string | null)[]>): Result<(string | null)[], Context>;
  argetrangeBuffer(key: RedisKey, start: Numeric, end: Numeric, callback?: Callback<(Buffer | null)[]>): Result<(Buffer | null)[], Context>;
  /** `ARGREP key start end (EXACT | MATCH | GLOB | RE) value args... WITHVALUES` */
  argrep(...args: Args<[key: RedisKey, start: Numeric, end: Numeric, option: 'EXACT' | 'MATCH' | 'GLOB' | 'RE', value: RedisValue, ...args: ManyArgs, withvalues: 'WITHVALUES'], [index: number, value: string][]>): Result<[index: number, value: string][], Context>;
  /** `ARGREP key start end (EXACT | MATCH | GLOB | RE) value args...` */
  argrep(...args: Args<[key: RedisKey, start: Numeric, end: Numeric, option: 'EXACT' | 'MATCH' | 'GLOB' | 'RE', value: RedisValue, ...args: ManyArgs], number[]>): Result<number[], Context>;
  argrepBuffer(...args: Args<[key: RedisKey, start: Numeric, end: Numeric, option: 'EXACT' | 'MATCH' | 'GLOB' | 'RE', value: RedisValue, ...args: ManyArgs, withvalues: 'WITHVALUES'], [index: number, value: Buffer][]>): Result<[index: number, value: Buffer][], Context>;
  argrepBuffer(...args: Args<[key: RedisKey, start: Numeric, end: Numeric, option: 'EXACT' | 'MATCH' | 'GLOB' | 'RE', value: RedisValue, ...args: ManyArgs], number[]>): Result<number[], Context>;
  /** `ARINFO key [FULL]` */
  arinfo(...args: Args<[key: RedisKey, ...option: [] | [full: 'FULL']], (string | number)[]>): Result<(string | number)[], Context>;
  arinfoBuffer(...args: Args<[key: RedisKey, ...option: [] | [full: 'FULL']], (Buffer | number)[]>): Result<(Buffer | number)[], Context>;
  /** `ARINSERT key values...` */
  arinsert(...args: Args<[key: RedisKey, ...values: ManyValues], number>): Result<number, Context>;
  arinsertBuffer: Commands<Context>['arinsert'];
  /** `ARLASTITEMS key count [REV]` */
  arlastitems(...args: Args<[key: RedisKey, count: Numeric, ...option: [] | [rev: 'REV']], (string | null)[]>): Result<(string | null)[], Context>;
  arlastitemsBuffer(...args: Args<[key: RedisKey, count: Numeric, ...option: [] | [rev: 'REV']], (Buffer | null)[]>): Result<(Buffer | null)[], Context>;
  /** `ARLEN key` */
  arlen(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  arlenBuffer: Commands<Context>['arlen'];
  /** `ARMGET key indices...` */
  armget(...args: Args<[key: RedisKey, ...indices: ManyIndices], (string | null)[]>): Result<(string | null)[], Context>;
  armgetBuffer(...args: Args<[key: RedisKey, ...indices: ManyIndices], (Buffer | null)[]>): Result<(Buffer | null)[], Context>;
  /** `ARMSET key indicesAndValues...` */
  armset(...args: Args<[key: RedisKey, ...indicesAndValues: ManyIndicesAndValues], number>): Result<number, Context>;
  armsetBuffer: Commands<Context>['armset'];
  /** `ARNEXT key` */
  arnext(key: RedisKey, callback?: Callback<number | null>): Result<number | null, Context>;
  arnextBuffer: Commands<Context>['arnext'];
  /** `AROP key start end (SUM | MIN | MAX)` */
  arop(...args: Args<[key: RedisKey, start: Numeric, end: Numeric, option: 'SUM' | 'MIN' | 'MAX'], string | null>): Result<string | null, Context>;
  /** `AROP key start end (AND | OR | XOR)` */
  arop(...args: Args<[key: RedisKey, start: Numeric, end: Numeric, option: 'AND' | 'OR' | 'XOR'], number | null>): Result<number | null, Context>;
  /** `AROP key start end (MATCH value | USED)` */
  arop(...args: Args<[key: RedisKey, start: Numeric, end: Numeric, ...option: [match: 'MATCH', value: RedisValue] | [used: 'USED']], number>): Result<number, Context>;
  aropBuffer(...args: Args<[key: RedisKey, start: Numeric, end: Numeric, option: 'SUM' | 'MIN' | 'MAX'], Buffer | null>): Result<Buffer | null, Context>;
  aropBuffer(...args: Args<[key: RedisKey, start: Numeric, end: Numeric, option: 'AND' | 'OR' | 'XOR'], number | null>): Result<number | null, Context>;
  aropBuffer(...args: Args<[key: RedisKey, start: Numeric, end: Numeric, ...option: [match: 'MATCH', value: RedisValue] | [used: 'USED']], number>): Result<number, Context>;
  /** `ARRING key count values...` */
  arring(...args: Args<[key: RedisKey, count: Numeric, ...values: ManyValues], number>): Result<number, Context>;
  arringBuffer: Commands<Context>['arring'];
  /** `ARSCAN key start end [LIMIT limit]` */
  arscan(...args: Args<[key: RedisKey, start: Numeric, end: Numeric, ...option: [] | [limit: 'LIMIT', limit: Numeric]], [index: number, value: string][]>): Result<[index: number, value: string][], Context>;
  arscanBuffer(...args: Args<[key: RedisKey, start: Numeric, end: Numeric, ...option: [] | [limit: 'LIMIT', limit: Numeric]], [index: number, value: Buffer][]>): Result<[index: number, value: Buffer][], Context>;
  /** `ARSEEK key index` */
  arseek(key: RedisKey, index: Numeric, callback?: Callback<number>): Result<number, Context>;
  arseekBuffer: Commands<Context>['arseek'];
  /** `ARSET key index values...` */
  arset(...args: Args<[key: RedisKey, index: Numeric, ...values: ManyValues], number>): Result<number, Context>;
  arsetBuffer: Commands<Context>['arset'];

  // Vector sets

  /** `VADD key args...` */
  vadd(...args: Args<[key: RedisKey, ...args: ManyArgs], number>): Result<number, Context>;
  vaddBuffer: Commands<Context>['vadd'];
  /** `VCARD key` */
  vcard(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  vcardBuffer: Commands<Context>['vcard'];
  /** `VDIM key` */
  vdim(key: RedisKey, callback?: Callback<number>): Result<number, Context>;
  vdimBuffer: Commands<Context>['vdim'];
  /** `VEMB key element` */
  vemb(key: RedisKey, element: RedisValue, callback?: Callback<string[] | null>): Result<string[] | null, Context>;
  /** `VEMB key element RAW` */
  vemb(...args: Args<[key: RedisKey, element: RedisValue, raw: 'RAW'], (string | number)[] | null>): Result<(string | number)[] | null, Context>;
  vembBuffer(key: RedisKey, element: RedisValue, callback?: Callback<Buffer[] | null>): Result<Buffer[] | null, Context>;
  vembBuffer(...args: Args<[key: RedisKey, element: RedisValue, raw: 'RAW'], (Buffer | number)[] | null>): Result<(Buffer | number)[] | null, Context>;
  /** `VGETATTR key element` */
  vgetattr(key: RedisKey, element: RedisValue, callback?: Callback<string | null>): Result<string | null, Context>;
  vgetattrBuffer(key: RedisKey, element: RedisValue, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  /** `VINFO key` */
  vinfo(key: RedisKey, callback?: Callback<(string | number)[] | null>): Result<(string | number)[] | null, Context>;
  vinfoBuffer(key: RedisKey, callback?: Callback<(Buffer | number)[] | null>): Result<(Buffer | number)[] | null, Context>;
  /** `VISMEMBER key element` */
  vismember(key: RedisKey, element: RedisValue, callback?: Callback<number>): Result<number, Context>;
  vismemberBuffer: Commands<Context>['vismember'];
  /** `VLINKS key element [WITHSCORES]` */
  vlinks(...args: Args<[key: RedisKey, element: RedisValue, ...option: [] | [withscores: 'WITHSCORES']], string[][] | null>): Result<string[][] | null, Context>;
  vlinksBuffer(...args: Args<[key: RedisKey, element: RedisValue, ...option: [] | [withscores: 'WITHSCORES']], Buffer[][] | null>): Result<Buffer[][] | null, Context>;
  /** `VRANDMEMBER key` */
  vrandmember(key: RedisKey, callback?: Callback<string | null>): Result<string | null, Context>;
  /** `VRANDMEMBER key count` */
  vrandmember(key: RedisKey, count: Numeric, callback?: Callback<string[]>): Result<string[], Context>;
  vrandmemberBuffer(key: RedisKey, callback?: Callback<Buffer | null>): Result<Buffer | null, Context>;
  vrandmemberBuffer(key: RedisKey, count: Numeric, callback?: Callback<Buffer[]>): Result<Buffer[], Context>;
  /** `VRANGE key startElement endElement [count]` */
  vrange(...args: Args<[key: RedisKey, startElement: RedisValue, endElement: RedisValue, ...option: [] | [count: Numeric]], string[]>): Result<string[], Context>;
  vrangeBuffer(...args: Args<[key: RedisKey, startElement: RedisValue, endElement: RedisValue, ...option: [] | [count: Numeric]], Buffer[]>): Result<Buffer[], Context>;
  /** `VREM key element` */
  vrem(key: RedisKey, element: RedisValue, callback?: Callback<number>): Result<number, Context>;
  vremBuffer: Commands<Context>['vrem'];
  /** `VSETATTR key element json` */
  vsetattr(key: RedisKey, element: RedisValue, json: RedisValue, callback?: Callback<number>): Result<number, Context>;
  vsetattrBuffer: Commands<Context>['vsetattr'];
  /** `VSIM key args...` */
  vsim(...args: Args<[key: RedisKey, ...args: ManyArgs], string[]>): Result<string[], Context>;
  vsimBuffer(...args: Args<[key: RedisKey, ...args: ManyArgs], Buffer[]>): Result<Buffer[], Context>;

  // Publish and subscribe

  /** `PSUBSCRIBE patterns...` */
  psubscribe(...args: Args<[...patterns: ManyPatterns], number>): Result<number, Context>;
  psubscribeBuffer: Commands<Context>['psubscribe'];
  /** `PUBLISH channel message` */
  publish(channel: RedisKey, message: RedisValue, callback?: Callback<number>): Result<number, Context>;
  publishBuffer: Commands<Context>['publish'];
  /** `PUBSUB (CHANNELS | SHARDCHANNELS) [pattern]` */
  pubsub(...args: Args<[subcommand: 'CHANNELS' | 'SHARDCHANNELS', ...option: [] | [pattern: RedisKey]], string[]>): Result<string[], Context>;
  /** `PUBSUB NUMPAT` */
  pubsub(...args: Args<[subcommand: 'NUMPAT'], number>): Result<number, Context>;
  /** `PUBSUB (NUMSUB | SHARDNUMSUB) channels...` */
  pubsub(...args: Args<[subcommand: 'NUMSUB' | 'SHARDNUMSUB', ...channels: ManyChannels], (string | number)[]>): Result<(string | number)[], Context>;
  /** `PUBSUB HELP` */
  pubsub(...args: Args<[subcommand: 'HELP'], string[]>): Result<string[], Context>;
  pubsubBuffer(...args: Args<[subcommand: 'CHANNELS' | 'SHARDCHANNELS', ...option: [] | [pattern: RedisKey]], Buffer[]>): Result<Buffer[], Context>;
  pubsubBuffer(...args: Args<[subcommand: 'NUMPAT'], number>): Result<number, Context>;
  pubsubBuffer(...args: Args<[subcommand: 'NUMSUB' | 'SHARDNUMSUB', ...channels: ManyChannels], (Buffer | number)[]>): Result<(Buffer | number)[], Context>;
  pubsubBuffer(...args: Args<[subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  /** `PUNSUBSCRIBE patterns...` */
  punsubscribe(...args: Args<[...patterns: ManyPatterns], number>): Result<number, Context>;
  punsubscribeBuffer: Commands<Context>['punsubscribe'];
  /** `SPUBLISH channel message` */
  spublish(channel: RedisKey, message: RedisValue, callback?: Callback<number>): Result<number, Context>;
  spublishBuffer: Commands<Context>['spublish'];
  /** `SSUBSCRIBE channels...` */
  ssubscribe(...args: Args<[...channels: ManyChannels], number>): Result<number, Context>;
  ssubscribeBuffer: Commands<Context>['ssubscribe'];
  /** `SUBSCRIBE channels...` */
  subscribe(...args: Args<[...channels: ManyChannels], number>): Result<number, Context>;
  subscribeBuffer: Commands<Context>['subscribe'];
  /** `SUNSUBSCRIBE channels...` */
  sunsubscribe(...args: Args<[...channels: ManyChannels], number>): Result<number, Context>;
  sunsubscribeBuffer: Commands<Context>['sunsubscribe'];
  /** `UNSUBSCRIBE channels...` */
  unsubscribe(...args: Args<[...channels: ManyChannels], number>): Result<number, Context>;
  unsubscribeBuffer: Commands<Context>['unsubscribe'];

  // Scripts and functions

  /** `EVAL script numkeys args...` */
  eval(...args: Args<[script: RedisKey, numkeys: Numeric, ...args: ManyArgs], unknown>): Result<unknown, Context>;
  evalBuffer: Commands<Context>['eval'];
  /** `EVAL_RO script numkeys args...` */
  eval_ro(...args: Args<[script: RedisKey, numkeys: Numeric, ...args: ManyArgs], unknown>): Result<unknown, Context>;
  eval_roBuffer: Commands<Context>['eval_ro'];
  /** `EVALSHA sha1 numkeys args...` */
  evalsha(...args: Args<[sha1: RedisKey, numkeys: Numeric, ...args: ManyArgs], unknown>): Result<unknown, Context>;
  evalshaBuffer: Commands<Context>['evalsha'];
  /** `EVALSHA_RO sha1 numkeys args...` */
  evalsha_ro(...args: Args<[sha1: RedisKey, numkeys: Numeric, ...args: ManyArgs], unknown>): Result<unknown, Context>;
  evalsha_roBuffer: Commands<Context>['evalsha_ro'];
  /** `FCALL name numkeys args...` */
  fcall(...args: Args<[name: RedisValue, numkeys: Numeric, ...args: ManyArgs], unknown>): Result<unknown, Context>;
  fcallBuffer: Commands<Context>['fcall'];
  /** `FCALL_RO name numkeys args...` */
  fcall_ro(...args: Args<[name: RedisValue, numkeys: Numeric, ...args: ManyArgs], unknown>): Result<unknown, Context>;
  fcall_roBuffer: Commands<Context>['fcall_ro'];
  /** `FUNCTION DELETE library` */
  function(...args: Args<[subcommand: 'DELETE', library: RedisValue], 'OK'>): Result<'OK', Context>;
  /** `FUNCTION (DUMP | KILL)` */
  function(...args: Args<[subcommand: 'DUMP' | 'KILL'], string>): Result<string, Context>;
  /** `FUNCTION FLUSH [ASYNC | SYNC]` */
  function(...args: Args<[subcommand: 'FLUSH', ...option: [] | [option: 'ASYNC' | 'SYNC']], 'OK'>): Result<'OK', Context>;
  /** `FUNCTION LIST [LIBRARYNAME pattern] [WITHCODE]` */
  function(...args: Args<[subcommand: 'LIST', ...option: [] | [libraryname: 'LIBRARYNAME', pattern: RedisKey], ...option: [] | [withcode: 'WITHCODE']], unknown[]>): Result<unknown[], Context>;
  /** `FUNCTION LOAD [REPLACE] code` */
  function(...args: Args<[subcommand: 'LOAD', ...option: [] | [replace: 'REPLACE'], code: RedisValue], string>): Result<string, Context>;
  /** `FUNCTION RESTORE serialized [FLUSH | APPEND | REPLACE]` */
  function(...args: Args<[subcommand: 'RESTORE', serialized: RedisValue, ...option: [] | [option: 'FLUSH' | 'APPEND' | 'REPLACE']], 'OK'>): Result<'OK', Context>;
  /** `FUNCTION STATS` */
  function(...args: Args<[subcommand: 'STATS'], unknown[]>): Result<unknown[], Context>;
  /** `FUNCTION HELP` */
  function(...args: Args<[subcommand: 'HELP'], string[]>): Result<string[], Context>;
  functionBuffer(...args: Args<[subcommand: 'DELETE', library: RedisValue], Buffer>): Result<Buffer, Context>;
  functionBuffer(...args: Args<[subcommand: 'DUMP' | 'KILL'], Buffer>): Result<Buffer, Context>;
  functionBuffer(...args: Args<[subcommand: 'FLUSH', ...option: [] | [option: 'ASYNC' | 'SYNC']], Buffer>): Result<Buffer, Context>;
  functionBuffer(...args: Args<[subcommand: 'LIST', ...option: [] | [libraryname: 'LIBRARYNAME', pattern: RedisKey], ...option: [] | [withcode: 'WITHCODE']], unknown[]>): Result<unknown[], Context>;
  functionBuffer(...args: Args<[subcommand: 'LOAD', ...option: [] | [replace: 'REPLACE'], code: RedisValue], Buffer>): Result<Buffer, Context>;
  functionBuffer(...args: Args<[subcommand: 'RESTORE', serialized: RedisValue, ...option: [] | [option: 'FLUSH' | 'APPEND' | 'REPLACE']], Buffer>): Result<Buffer, Context>;
  functionBuffer(...args: Args<[subcommand: 'STATS'], unknown[]>): Result<unknown[], Context>;
  functionBuffer(...args: Args<[subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  /** `SCRIPT DEBUG (YES | SYNC | NO)` */
  script(...args: Args<[subcommand: 'DEBUG', option: 'YES' | 'SYNC' | 'NO'], 'OK'>): Result<'OK', Context>;
  /** `SCRIPT EXISTS shas...` */
  script(...args: Args<[subcommand: 'EXISTS', ...shas: ManyShas], number[]>): Result<number[], Context>;
  /**
   * - `SCRIPT FLUSH [ASYNC | SYNC]`
   * - `SCRIPT KILL`
   */
  script(...args: Args<[subcommand: 'FLUSH', ...option: [] | [option: 'ASYNC' | 'SYNC']] | [subcommand: 'KILL'], 'OK'>): Result<'OK', Context>;
  /** `SCRIPT LOAD script` */
  script(...args: Args<[subcommand: 'LOAD', script: RedisKey], string>): Result<string, Context>;
  /** `SCRIPT HELP` */
  script(...args: Args<[subcommand: 'HELP'], string[]>): Result<string[], Context>;
  scriptBuffer(...args: Args<[subcommand: 'DEBUG', option: 'YES' | 'SYNC' | 'NO'], Buffer>): Result<Buffer, Context>;
  scriptBuffer(...args: Args<[subcommand: 'EXISTS', ...shas: ManyShas], number[]>): Result<number[], Context>;
  scriptBuffer(...args: Args<[subcommand: 'FLUSH', ...option: [] | [option: 'ASYNC' | 'SYNC']] | [subcommand: 'KILL'], Buffer>): Result<Buffer, Context>;
  scriptBuffer(...args: Args<[subcommand: 'LOAD', script: RedisKey], Buffer>): Result<Buffer, Context>;
  scriptBuffer(...args: Args<[subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;

  // Transactions

  /** `DISCARD` */
  discard(callback?: Callback<'OK'>): Result<'OK', Context>;
  discardBuffer(callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `EXEC` */
  exec(callback?: Callback<[error: Error | null, result: unknown][] | null>): Promise<[error: Error | null, result: unknown][] | null>;
  execBuffer: Commands<Context>['exec'];
  /** `UNWATCH` */
  unwatch(callback?: Callback<'OK'>): Result<'OK', Context>;
  unwatchBuffer(callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `WATCH keys...` */
  watch(...args: Args<[...keys: ManyKeys], 'OK'>): Result<'OK', Context>;
  watchBuffer(...args: Args<[...keys: ManyKeys], Buffer>): Result<Buffer, Context>;

  // Connection

  /** `AUTH [username] password` */
  auth(...args: Args<[...option: [] | [username: RedisValue], password: RedisValue], 'OK'>): Result<'OK', Context>;
  authBuffer(...args: Args<[...option: [] | [username: RedisValue], password: RedisValue], Buffer>): Result<Buffer, Context>;
  /** `CLIENT (CACHING) (YES | NO)` */
  client(...args: Args<[subcommand: 'CACHING', option: 'YES' | 'NO'], 'OK'>): Result<'OK', Context>;
  /** `CLIENT GETNAME` */
  client(...args: Args<[subcommand: 'GETNAME'], string | null>): Result<string | null, Context>;
  /** `CLIENT (GETREDIR | ID)` */
  client(...args: Args<[subcommand: 'GETREDIR' | 'ID'], number>): Result<number, Context>;
  /** `CLIENT INFO` */
  client(...args: Args<[subcommand: 'INFO'], string>): Result<string, Context>;
  /** `CLIENT KILL address` */
  client(...args: Args<[subcommand: 'KILL', address: RedisValue], 'OK'>): Result<'OK', Context>;
  /** `CLIENT KILL filters...` */
  client(...args: Args<[subcommand: 'KILL', ...filters: ManyFilters], number>): Result<number, Context>;
  /** `CLIENT LIST [TYPE (NORMAL | MASTER | REPLICA | PUBSUB)] [ID clientIds...]` */
  client(...args: Args<[subcommand: 'LIST', ...option: [] | [type: 'TYPE', option: 'NORMAL' | 'MASTER' | 'REPLICA' | 'PUBSUB'], ...option: [] | [id: 'ID', ...clientIds: ManyClientIds]], string>): Result<string, Context>;
  /**
   * - `CLIENT (NO-EVICT | NO-TOUCH) (ON | OFF)`
   * - `CLIENT PAUSE timeout [WRITE | ALL]`
   */
  client(...args: Args<[subcommand: 'NO-EVICT' | 'NO-TOUCH', option: 'ON' | 'OFF'] | [subcommand: 'PAUSE', timeout: Numeric, ...option: [] | [option: 'WRITE' | 'ALL']], 'OK'>): Result<'OK', Context>;
  /** `CLIENT REPLY (ON | OFF | SKIP)` */
  client(...args: Args<[subcommand: 'REPLY', option: 'ON' | 'OFF' | 'SKIP'], unknown>): Result<unknown, Context>;
  /**
   * - `CLIENT SETINFO (LIB-NAME | LIB-VER) value`
   * - `CLIENT SETNAME name`
   * - `CLIENT TRACKING args...`
   */
  client(...args: Args<[subcommand: 'SETINFO', option: 'LIB-NAME' | 'LIB-VER', value: RedisValue] | [subcommand: 'SETNAME', name: RedisValue] | [subcommand: 'TRACKING', ...args: ManyArgs], 'OK'>): Result<'OK', Context>;
  /** `CLIENT TRACKINGINFO` */
  client(...args: Args<[subcommand: 'TRACKINGINFO'], unknown[]>): Result<unknown[], Context>;
  /** `CLIENT UNBLOCK clientId [TIMEOUT | ERROR]` */
  client(...args: Args<[subcommand: 'UNBLOCK', clientId: Numeric, ...option: [] | [option: 'TIMEOUT' | 'ERROR']], number>): Result<number, Context>;
  /** `CLIENT UNPAUSE` */
  client(...args: Args<[subcommand: 'UNPAUSE'], 'OK'>): Result<'OK', Context>;
  /** `CLIENT HELP` */
  client(...args: Args<[subcommand: 'HELP'], string[]>): Result<string[], Context>;
  clientBuffer(...args: Args<[subcommand: 'CACHING', option: 'YES' | 'NO'], Buffer>): Result<Buffer, Context>;
  clientBuffer(...args: Args<[subcommand: 'GETNAME'], Buffer | null>): Result<Buffer | null, Context>;
  clientBuffer(...args: Args<[subcommand: 'GETREDIR' | 'ID'], number>): Result<number, Context>;
  clientBuffer(...args: Args<[subcommand: 'INFO'], Buffer>): Result<Buffer, Context>;
  clientBuffer(...args: Args<[subcommand: 'KILL', address: RedisValue], Buffer>): Result<Buffer, Context>;
  clientBuffer(...args: Args<[subcommand: 'KILL', ...filters: ManyFilters], number>): Result<number, Context>;
  clientBuffer(...args: Args<[subcommand: 'LIST', ...option: [] | [type: 'TYPE', option: 'NORMAL' | 'MASTER' | 'REPLICA' | 'PUBSUB'], ...option: [] | [id: 'ID', ...clientIds: ManyClientIds]], Buffer>): Result<Buffer, Context>;
  clientBuffer(...args: Args<[subcommand: 'NO-EVICT' | 'NO-TOUCH', option: 'ON' | 'OFF'] | [subcommand: 'PAUSE', timeout: Numeric, ...option: [] | [option: 'WRITE' | 'ALL']], Buffer>): Result<Buffer, Context>;
  clientBuffer(...args: Args<[subcommand: 'REPLY', option: 'ON' | 'OFF' | 'SKIP'], unknown>): Result<unknown, Context>;
  clientBuffer(...args: Args<[subcommand: 'SETINFO', option: 'LIB-NAME' | 'LIB-VER', value: RedisValue] | [subcommand: 'SETNAME', name: RedisValue] | [subcommand: 'TRACKING', ...args: ManyArgs], Buffer>): Result<Buffer, Context>;
  clientBuffer(...args: Args<[subcommand: 'TRACKINGINFO'], unknown[]>): Result<unknown[], Context>;
  clientBuffer(...args: Args<[subcommand: 'UNBLOCK', clientId: Numeric, ...option: [] | [option: 'TIMEOUT' | 'ERROR']], number>): Result<number, Context>;
  clientBuffer(...args: Args<[subcommand: 'UNPAUSE'], Buffer>): Result<Buffer, Context>;
  clientBuffer(...args: Args<[subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  /** `ECHO message` */
  echo(message: RedisValue, callback?: Callback<string>): Result<string, Context>;
  echoBuffer(message: RedisValue, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `HELLO [protover [AUTH username password] [SETNAME name]]` */
  hello(...args: Args<[...option: [] | [protover: Numeric, ...option: [] | [auth: 'AUTH', username: RedisValue, password: RedisValue], ...option: [] | [setname: 'SETNAME', name: RedisValue]]], unknown[]>): Result<unknown[], Context>;
  helloBuffer: Commands<Context>['hello'];
  /** `PING` */
  ping(callback?: Callback<'PONG'>): Result<'PONG', Context>;
  /** `PING message` */
  ping(message: RedisValue, callback?: Callback<string>): Result<string, Context>;
  pingBuffer(callback?: Callback<Buffer>): Result<Buffer, Context>;
  pingBuffer(message: RedisValue, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `QUIT` */
  quit(callback?: Callback<'OK'>): Result<'OK', Context>;
  quitBuffer(callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `RESET` */
  reset(callback?: Callback<'RESET'>): Result<'RESET', Context>;
  resetBuffer(callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `SELECT index` */
  select(index: Numeric, callback?: Callback<'OK'>): Result<'OK', Context>;
  selectBuffer(index: Numeric, callback?: Callback<Buffer>): Result<Buffer, Context>;

  // Server

  /** `ACL CAT [category]` */
  acl(...args: Args<[subcommand: 'CAT', ...option: [] | [category: RedisValue]], string[]>): Result<string[], Context>;
  /** `ACL DELUSER usernames...` */
  acl(...args: Args<[subcommand: 'DELUSER', ...usernames: ManyUsernames], number>): Result<number, Context>;
  /**
   * - `ACL DRYRUN username command args...`
   * - `ACL GENPASS [number]`
   */
  acl(...args: Args<[subcommand: 'DRYRUN', username: RedisValue, command: RedisValue, ...args: ManyArgs] | [subcommand: 'GENPASS', ...option: [] | [number: Numeric]], string>): Result<string, Context>;
  /** `ACL GETUSER username` */
  acl(...args: Args<[subcommand: 'GETUSER', username: RedisValue], unknown[] | null>): Result<unknown[] | null, Context>;
  /** `ACL (LIST | USERS | HELP)` */
  acl(...args: Args<[subcommand: 'LIST' | 'USERS' | 'HELP'], string[]>): Result<string[], Context>;
  /**
   * - `ACL (LOAD | SAVE)`
   * - `ACL LOG RESET`
   */
  acl(...args: Args<[subcommand: 'LOAD' | 'SAVE'] | [subcommand: 'LOG', reset: 'RESET'], 'OK'>): Result<'OK', Context>;
  /** `ACL LOG [count]` */
  acl(...args: Args<[subcommand: 'LOG', ...option: [] | [count: Numeric]], unknown[]>): Result<unknown[], Context>;
  /** `ACL SETUSER username rules...` */
  acl(...args: Args<[subcommand: 'SETUSER', username: RedisValue, ...rules: ManyRules], 'OK'>): Result<'OK', Context>;
  /** `ACL WHOAMI` */
  acl(...args: Args<[subcommand: 'WHOAMI'], string>): Result<string, Context>;
  aclBuffer(...args: Args<[subcommand: 'CAT', ...option: [] | [category: RedisValue]], Buffer[]>): Result<Buffer[], Context>;
  aclBuffer(...args: Args<[subcommand: 'DELUSER', ...usernames: ManyUsernames], number>): Result<number, Context>;
  aclBuffer(...args: Args<[subcommand: 'DRYRUN', username: RedisValue, command: RedisValue, ...args: ManyArgs] | [subcommand: 'GENPASS', ...option: [] | [number: Numeric]], Buffer>): Result<Buffer, Context>;
  aclBuffer(...args: Args<[subcommand: 'GETUSER', username: RedisValue], unknown[] | null>): Result<unknown[] | null, Context>;
  aclBuffer(...args: Args<[subcommand: 'LIST' | 'USERS' | 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  aclBuffer(...args: Args<[subcommand: 'LOAD' | 'SAVE'] | [subcommand: 'LOG', reset: 'RESET'], Buffer>): Result<Buffer, Context>;
  aclBuffer(...args: Args<[subcommand: 'LOG', ...option: [] | [count: Numeric]], unknown[]>): Result<unknown[], Context>;
  aclBuffer(...args: Args<[subcommand: 'SETUSER', username: RedisValue, ...rules: ManyRules], Buffer>): Result<Buffer, Context>;
  aclBuffer(...args: Args<[subcommand: 'WHOAMI'], Buffer>): Result<Buffer, Context>;
  /** `BACKUP args...` */
  backup(...args: Args<[...args: ManyArgs], unknown>): Result<unknown, Context>;
  backupBuffer: Commands<Context>['backup'];
  /** `BLESS subcommand args...` */
  bless(...args: Args<[subcommand: RedisValue, ...args: ManyArgs], unknown>): Result<unknown, Context>;
  blessBuffer: Commands<Context>['bless'];
  /** `BGREWRITEAOF` */
  bgrewriteaof(callback?: Callback<string>): Result<string, Context>;
  bgrewriteaofBuffer(callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `BGSAVE [SCHEDULE]` */
  bgsave(...args: Args<[...option: [] | [schedule: 'SCHEDULE']], string>): Result<string, Context>;
  bgsaveBuffer(...args: Args<[...option: [] | [schedule: 'SCHEDULE']], Buffer>): Result<Buffer, Context>;
  /** `COMMAND COUNT` */
  command(...args: Args<[subcommand: 'COUNT'], number>): Result<number, Context>;
  /** `COMMAND` */
  command(callback?: Callback<unknown[]>): Result<unknown[], Context>;
  /** `COMMAND (DOCS | INFO) commands...` */
  command(...args: Args<[subcommand: 'DOCS' | 'INFO', ...commands: ManyCommands], unknown[]>): Result<unknown[], Context>;
  /** `COMMAND GETKEYS command args...` */
  command(...args: Args<[subcommand: 'GETKEYS', command: RedisValue, ...args: ManyArgs], string[]>): Result<string[], Context>;
  /** `COMMAND GETKEYSANDFLAGS command args...` */
  command(...args: Args<[subcommand: 'GETKEYSANDFLAGS', command: RedisValue, ...args: ManyArgs], unknown[]>): Result<unknown[], Context>;
  /**
   * - `COMMAND LIST [FILTERBY (MODULE name | ACLCAT category | PATTERN pattern)]`
   * - `COMMAND HELP`
   */
  command(...args: Args<[subcommand: 'LIST', ...option: [] | [filterby: 'FILTERBY', ...option: [option: 'MODULE' | 'ACLCAT', value: RedisValue] | [pattern: 'PATTERN', pattern: RedisKey]]] | [subcommand: 'HELP'], string[]>): Result<string[], Context>;
  commandBuffer(...args: Args<[subcommand: 'COUNT'], number>): Result<number, Context>;
  commandBuffer(callback?: Callback<unknown[]>): Result<unknown[], Context>;
  commandBuffer(...args: Args<[subcommand: 'DOCS' | 'INFO', ...commands: ManyCommands], unknown[]>): Result<unknown[], Context>;
  commandBuffer(...args: Args<[subcommand: 'GETKEYS', command: RedisValue, ...args: ManyArgs], Buffer[]>): Result<Buffer[], Context>;
  commandBuffer(...args: Args<[subcommand: 'GETKEYSANDFLAGS', command: RedisValue, ...args: ManyArgs], unknown[]>): Result<unknown[], Context>;
  commandBuffer(...args: Args<[subcommand: 'LIST', ...option: [] | [filterby: 'FILTERBY', ...option: [option: 'MODULE' | 'ACLCAT', value: RedisValue] | [pattern: 'PATTERN', pattern: RedisKey]]] | [subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  /** `CONFIG GET parameters...` */
  config(...args: Args<[subcommand: 'GET', ...parameters: ManyParameters], string[]>): Result<string[], Context>;
  /**
   * - `CONFIG SET parametersAndValues...`
   * - `CONFIG (RESETSTAT | REWRITE)`
   */
  config(...args: Args<[subcommand: 'SET', ...parametersAndValues: ManyParametersAndValues] | [subcommand: 'RESETSTAT' | 'REWRITE'], 'OK'>): Result<'OK', Context>;
  /** `CONFIG HELP` */
  config(...args: Args<[subcommand: 'HELP'], string[]>): Result<string[], Context>;
  configBuffer(...args: Args<[subcommand: 'GET', ...parameters: ManyParameters], Buffer[]>): Result<Buffer[], Context>;
  configBuffer(...args: Args<[subcommand: 'SET', ...parametersAndValues: ManyParametersAndValues] | [subcommand: 'RESETSTAT' | 'REWRITE'], Buffer>): Result<Buffer, Context>;
  configBuffer(...args: Args<[subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  /** `DBSIZE` */
  dbsize(callback?: Callback<number>): Result<number, Context>;
  dbsizeBuffer: Commands<Context>['dbsize'];
  /** `DEBUG subcommand args...` */
  debug(...args: Args<[subcommand: RedisValue, ...args: ManyArgs], unknown>): Result<unknown, Context>;
  debugBuffer: Commands<Context>['debug'];
  /** `FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]` */
  failover(...args: Args<[...option: [] | [to: 'TO', host: RedisValue, port: Numeric, ...option: [] | [force: 'FORCE']], ...option: [] | [abort: 'ABORT'], ...option: [] | [timeout: 'TIMEOUT', milliseconds: Numeric]], 'OK'>): Result<'OK', Context>;
  failoverBuffer(...args: Args<[...option: [] | [to: 'TO', host: RedisValue, port: Numeric, ...option: [] | [force: 'FORCE']], ...option: [] | [abort: 'ABORT'], ...option: [] | [timeout: 'TIMEOUT', milliseconds: Numeric]], Buffer>): Result<Buffer, Context>;
  /** `FLUSHALL [ASYNC | SYNC]` */
  flushall(...args: Args<[...option: [] | [option: 'ASYNC' | 'SYNC']], 'OK'>): Result<'OK', Context>;
  flushallBuffer(...args: Args<[...option: [] | [option: 'ASYNC' | 'SYNC']], Buffer>): Result<Buffer, Context>;
  /** `FLUSHDB [ASYNC | SYNC]` */
  flushdb(...args: Args<[...option: [] | [option: 'ASYNC' | 'SYNC']], 'OK'>): Result<'OK', Context>;
  flushdbBuffer(...args: Args<[...option: [] | [option: 'ASYNC' | 'SYNC']], Buffer>): Result<Buffer, Context>;
  /** `HOTKEYS args...` */
  hotkeys(...args: Args<[...args: ManyArgs], unknown>): Result<unknown, Context>;
  hotkeysBuffer: Commands<Context>['hotkeys'];
  /** `INFO sections...` */
  info(...args: Args<[...sections: ManySections], string>): Result<string, Context>;
  infoBuffer(...args: Args<[...sections: ManySections], Buffer>): Result<Buffer, Context>;
  /** `LASTSAVE` */
  lastsave(callback?: Callback<number>): Result<number, Context>;
  lastsaveBuffer: Commands<Context>['lastsave'];
  /**
   * - `LATENCY (DOCTOR)`
   * - `LATENCY GRAPH event`
   */
  latency(...args: Args<[subcommand: 'DOCTOR'] | [subcommand: 'GRAPH', event: RedisValue], string>): Result<string, Context>;
  /** `LATENCY HISTOGRAM commands...` */
  latency(...args: Args<[subcommand: 'HISTOGRAM', ...commands: ManyCommands], unknown[]>): Result<unknown[], Context>;
  /** `LATENCY HISTORY event` */
  latency(...args: Args<[subcommand: 'HISTORY', event: RedisValue], [timestamp: number, latency: number][]>): Result<[timestamp: number, latency: number][], Context>;
  /** `LATENCY LATEST` */
  latency(...args: Args<[subcommand: 'LATEST'], [event: string, timestamp: number, latest: number, max: number][]>): Result<[event: string, timestamp: number, latest: number, max: number][], Context>;
  /** `LATENCY RESET events...` */
  latency(...args: Args<[subcommand: 'RESET', ...events: ManyEvents], number>): Result<number, Context>;
  /** `LATENCY HELP` */
  latency(...args: Args<[subcommand: 'HELP'], string[]>): Result<string[], Context>;
  latencyBuffer(...args: Args<[subcommand: 'DOCTOR'] | [subcommand: 'GRAPH', event: RedisValue], Buffer>): Result<Buffer, Context>;
  latencyBuffer(...args: Args<[subcommand: 'HISTOGRAM', ...commands: ManyCommands], unknown[]>): Result<unknown[], Context>;
  latencyBuffer(...args: Args<[subcommand: 'HISTORY', event: RedisValue], [timestamp: number, latency: number][]>): Result<[timestamp: number, latency: number][], Context>;
  latencyBuffer(...args: Args<[subcommand: 'LATEST'], [event: Buffer, timestamp: number, latest: number, max: number][]>): Result<[event: Buffer, timestamp: number, latest: number, max: number][], Context>;
  latencyBuffer(...args: Args<[subcommand: 'RESET', ...events: ManyEvents], number>): Result<number, Context>;
  latencyBuffer(...args: Args<[subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  /** `LOLWUT [VERSION number]` */
  lolwut(...args: Args<[...option: [] | [version: 'VERSION', number: Numeric]], string>): Result<string, Context>;
  lolwutBuffer(...args: Args<[...option: [] | [version: 'VERSION', number: Numeric]], Buffer>): Result<Buffer, Context>;
  /** `MEMORY (DOCTOR | MALLOC-STATS)` */
  memory(...args: Args<[subcommand: 'DOCTOR' | 'MALLOC-STATS'], string>): Result<string, Context>;
  /** `MEMORY PURGE` */
  memory(...args: Args<[subcommand: 'PURGE'], 'OK'>): Result<'OK', Context>;
  /** `MEMORY STATS` */
  memory(...args: Args<[subcommand: 'STATS'], unknown[]>): Result<unknown[], Context>;
  /** `MEMORY USAGE key [SAMPLES samples]` */
  memory(...args: Args<[subcommand: 'USAGE', key: RedisKey, ...option: [] | [samples: 'SAMPLES', samples: Numeric]], number | null>): Result<number | null, Context>;
  /** `MEMORY HELP` */
  memory(...args: Args<[subcommand: 'HELP'], string[]>): Result<string[], Context>;
  memoryBuffer(...args: Args<[subcommand: 'DOCTOR' | 'MALLOC-STATS'], Buffer>): Result<Buffer, Context>;
  memoryBuffer(...args: Args<[subcommand: 'PURGE'], Buffer>): Result<Buffer, Context>;
  memoryBuffer(...args: Args<[subcommand: 'STATS'], unknown[]>): Result<unknown[], Context>;
  memoryBuffer(...args: Args<[subcommand: 'USAGE', key: RedisKey, ...option: [] | [samples: 'SAMPLES', samples: Numeric]], number | null>): Result<number | null, Context>;
  memoryBuffer(...args: Args<[subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  /** `MODULE LIST` */
  module(...args: Args<[subcommand: 'LIST'], unknown[]>): Result<unknown[], Context>;
  /**
   * - `MODULE (LOAD | LOADEX) path args...`
   * - `MODULE UNLOAD name`
   */
  module(...args: Args<[subcommand: 'LOAD' | 'LOADEX', path: RedisValue, ...args: ManyArgs] | [subcommand: 'UNLOAD', name: RedisValue], 'OK'>): Result<'OK', Context>;
  /** `MODULE HELP` */
  module(...args: Args<[subcommand: 'HELP'], string[]>): Result<string[], Context>;
  moduleBuffer(...args: Args<[subcommand: 'LIST'], unknown[]>): Result<unknown[], Context>;
  moduleBuffer(...args: Args<[subcommand: 'LOAD' | 'LOADEX', path: RedisValue, ...args: ManyArgs] | [subcommand: 'UNLOAD', name: RedisValue], Buffer>): Result<Buffer, Context>;
  moduleBuffer(...args: Args<[subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  /** `PSYNC replicationId offset` */
  psync(replicationId: RedisValue, offset: Numeric, callback?: Callback<unknown>): Result<unknown, Context>;
  psyncBuffer: Commands<Context>['psync'];
  /** `REPLCONF args...` */
  replconf(...args: Args<[...args: ManyArgs], unknown>): Result<unknown, Context>;
  replconfBuffer: Commands<Context>['replconf'];
  /** `REPLICAOF host port` */
  replicaof(host: RedisValue, port: Numeric, callback?: Callback<'OK'>): Result<'OK', Context>;
  /** `REPLICAOF NO ONE` */
  replicaof(...args: Args<[subcommand: 'NO', one: 'ONE'], 'OK'>): Result<'OK', Context>;
  replicaofBuffer(host: RedisValue, port: Numeric, callback?: Callback<Buffer>): Result<Buffer, Context>;
  replicaofBuffer(...args: Args<[subcommand: 'NO', one: 'ONE'], Buffer>): Result<Buffer, Context>;
  /** `ROLE` */
  role(callback?: Callback<unknown[]>): Result<unknown[], Context>;
  roleBuffer: Commands<Context>['role'];
  /** `SAVE` */
  save(callback?: Callback<'OK'>): Result<'OK', Context>;
  saveBuffer(callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]` */
  shutdown(...args: Args<[...option: [] | [option: 'NOSAVE' | 'SAVE'], ...option: [] | [now: 'NOW'], ...option: [] | [force: 'FORCE'], ...option: [] | [abort: 'ABORT']], 'OK'>): Result<'OK', Context>;
  shutdownBuffer(...args: Args<[...option: [] | [option: 'NOSAVE' | 'SAVE'], ...option: [] | [now: 'NOW'], ...option: [] | [force: 'FORCE'], ...option: [] | [abort: 'ABORT']], Buffer>): Result<Buffer, Context>;
  /** `SLAVEOF host port` */
  slaveof(host: RedisValue, port: Numeric, callback?: Callback<'OK'>): Result<'OK', Context>;
  /** `SLAVEOF NO ONE` */
  slaveof(...args: Args<[subcommand: 'NO', one: 'ONE'], 'OK'>): Result<'OK', Context>;
  slaveofBuffer(host: RedisValue, port: Numeric, callback?: Callback<Buffer>): Result<Buffer, Context>;
  slaveofBuffer(...args: Args<[subcommand: 'NO', one: 'ONE'], Buffer>): Result<Buffer, Context>;
  /** `SLOWLOG GET [count]` */
  slowlog(...args: Args<[subcommand: 'GET', ...option: [] | [count: Numeric]], [id: number, timestamp: number, microseconds: number, command: string[], address: string, client: string][]>): Result<[id: number, timestamp: number, microseconds: number, command: string[], address: string, client: string][], Context>;
  /** `SLOWLOG LEN` */
  slowlog(...args: Args<[subcommand: 'LEN'], number>): Result<number, Context>;
  /** `SLOWLOG RESET` */
  slowlog(...args: Args<[subcommand: 'RESET'], 'OK'>): Result<'OK', Context>;
  /** `SLOWLOG HELP` */
  slowlog(...args: Args<[subcommand: 'HELP'], string[]>): Result<string[], Context>;
  slowlogBuffer(...args: Args<[subcommand: 'GET', ...option: [] | [count: Numeric]], [id: number, timestamp: number, microseconds: number, command: Buffer[], address: Buffer, client: Buffer][]>): Result<[id: number, timestamp: number, microseconds: number, command: Buffer[], address: Buffer, client: Buffer][], Context>;
  slowlogBuffer(...args: Args<[subcommand: 'LEN'], number>): Result<number, Context>;
  slowlogBuffer(...args: Args<[subcommand: 'RESET'], Buffer>): Result<Buffer, Context>;
  slowlogBuffer(...args: Args<[subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  /** `SWAPDB number1 number2` */
  swapdb(number1: RedisValue, number2: RedisValue, callback?: Callback<'OK'>): Result<'OK', Context>;
  swapdbBuffer(number1: RedisValue, number2: RedisValue, callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `SYNC` */
  sync(callback?: Callback<unknown>): Result<unknown, Context>;
  syncBuffer: Commands<Context>['sync'];
  /** `TIME` */
  time(callback?: Callback<[seconds: string, microseconds: string]>): Result<[seconds: string, microseconds: string], Context>;
  timeBuffer(callback?: Callback<[seconds: Buffer, microseconds: Buffer]>): Result<[seconds: Buffer, microseconds: Buffer], Context>;
  /** `WAIT replicas timeout` */
  wait(replicas: Numeric, timeout: Numeric, callback?: Callback<number>): Result<number, Context>;
  waitBuffer: Commands<Context>['wait'];
  /** `WAITAOF local replicas timeout` */
  waitaof(local: Numeric, replicas: Numeric, timeout: Numeric, callback?: Callback<[local: number, replicas: number]>): Result<[local: number, replicas: number], Context>;
  waitaofBuffer: Commands<Context>['waitaof'];

  // Cluster

  /** `ASKING` */
  asking(callback?: Callback<'OK'>): Result<'OK', Context>;
  askingBuffer(callback?: Callback<Buffer>): Result<Buffer, Context>;
  /**
   * - `CLUSTER (ADDSLOTS | DELSLOTS) slots...`
   * - `CLUSTER (ADDSLOTSRANGE | DELSLOTSRANGE) ranges...`
   */
  cluster(...args: Args<[subcommand: 'ADDSLOTS' | 'DELSLOTS', ...slots: ManySlots] | [subcommand: 'ADDSLOTSRANGE' | 'DELSLOTSRANGE', ...ranges: ManyRanges], 'OK'>): Result<'OK', Context>;
  /** `CLUSTER BUMPEPOCH` */
  cluster(...args: Args<[subcommand: 'BUMPEPOCH'], string>): Result<string, Context>;
  /**
   * - `CLUSTER COUNT-FAILURE-REPORTS nodeId`
   * - `CLUSTER COUNTKEYSINSLOT slot`
   */
  cluster(...args: Args<[subcommand: 'COUNT-FAILURE-REPORTS', nodeId: RedisValue] | [subcommand: 'COUNTKEYSINSLOT', slot: Numeric], number>): Result<number, Context>;
  /**
   * - `CLUSTER FAILOVER [FORCE | TAKEOVER]`
   * - `CLUSTER FLUSHSLOTS`
   * - `CLUSTER FORGET nodeId`
   */
  cluster(...args: Args<[subcommand: 'FAILOVER', ...option: [] | [option: 'FORCE' | 'TAKEOVER']] | [subcommand: 'FLUSHSLOTS'] | [subcommand: 'FORGET', nodeId: RedisValue], 'OK'>): Result<'OK', Context>;
  /** `CLUSTER GETKEYSINSLOT slot count` */
  cluster(...args: Args<[subcommand: 'GETKEYSINSLOT', slot: Numeric, count: Numeric], string[]>): Result<string[], Context>;
  /** `CLUSTER (INFO | NODES | MYID | MYSHARDID)` */
  cluster(...args: Args<[subcommand: 'INFO' | 'NODES' | 'MYID' | 'MYSHARDID'], string>): Result<string, Context>;
  /** `CLUSTER KEYSLOT key` */
  cluster(...args: Args<[subcommand: 'KEYSLOT', key: RedisKey], number>): Result<number, Context>;
  /** `CLUSTER (LINKS | SHARDS)` */
  cluster(...args: Args<[subcommand: 'LINKS' | 'SHARDS'], unknown[]>): Result<unknown[], Context>;
  /** `CLUSTER MEET host port [busPort]` */
  cluster(...args: Args<[subcommand: 'MEET', host: RedisValue, port: Numeric, ...option: [] | [busPort: RedisValue]], 'OK'>): Result<'OK', Context>;
  /** `CLUSTER MIGRATION args...` */
  cluster(...args: Args<[subcommand: 'MIGRATION', ...args: ManyArgs], unknown>): Result<unknown, Context>;
  /** `CLUSTER (REPLICAS | SLAVES) nodeId` */
  cluster(...args: Args<[subcommand: 'REPLICAS' | 'SLAVES', nodeId: RedisValue], string[]>): Result<string[], Context>;
  /**
   * - `CLUSTER REPLICATE nodeId`
   * - `CLUSTER RESET [HARD | SOFT]`
   * - `CLUSTER SAVECONFIG`
   * - `CLUSTER SET-CONFIG-EPOCH epoch`
   * - `CLUSTER SETSLOT slot ((IMPORTING | MIGRATING | NODE) nodeId | STABLE)`
   */
  cluster(...args: Args<[subcommand: 'REPLICATE', nodeId: RedisValue] | [subcommand: 'RESET', ...option: [] | [option: 'HARD' | 'SOFT']] | [subcommand: 'SAVECONFIG'] | [subcommand: 'SET-CONFIG-EPOCH', epoch: Numeric] | [subcommand: 'SETSLOT', slot: Numeric, ...option: [option: 'IMPORTING' | 'MIGRATING' | 'NODE', nodeId: RedisValue] | [stable: 'STABLE']], 'OK'>): Result<'OK', Context>;
  /** `CLUSTER SLOT-STATS (SLOTSRANGE slotStart slotEnd | ORDERBY metric [LIMIT limit] [ASC | DESC])` */
  cluster(...args: Args<[subcommand: 'SLOT-STATS', ...option: [slotsrange: 'SLOTSRANGE', slotStart: Numeric, slotEnd: Numeric] | [orderby: 'ORDERBY', metric: RedisValue, ...option: [] | [limit: 'LIMIT', limit: Numeric], ...option: [] | [option: 'ASC' | 'DESC']]], unknown[]>): Result<unknown[], Context>;
  /** `CLUSTER SLOTS` */
  cluster(...args: Args<[subcommand: 'SLOTS'], [slotStart: number, slotEnd: number, ...nodes: [host: string, port: number, nodeId: string, info: unknown[]][]][]>): Result<[slotStart: number, slotEnd: number, ...nodes: [host: string, port: number, nodeId: string, info: unknown[]][]][], Context>;
  /** `CLUSTER SYNCSLOTS args...` */
  cluster(...args: Args<[subcommand: 'SYNCSLOTS', ...args: ManyArgs], unknown>): Result<unknown, Context>;
  /** `CLUSTER HELP` */
  cluster(...args: Args<[subcommand: 'HELP'], string[]>): Result<string[], Context>;
  clusterBuffer(...args: Args<[subcommand: 'ADDSLOTS' | 'DELSLOTS', ...slots: ManySlots] | [subcommand: 'ADDSLOTSRANGE' | 'DELSLOTSRANGE', ...ranges: ManyRanges], Buffer>): Result<Buffer, Context>;
  clusterBuffer(...args: Args<[subcommand: 'BUMPEPOCH'], Buffer>): Result<Buffer, Context>;
  clusterBuffer(...args: Args<[subcommand: 'COUNT-FAILURE-REPORTS', nodeId: RedisValue] | [subcommand: 'COUNTKEYSINSLOT', slot: Numeric], number>): Result<number, Context>;
  clusterBuffer(...args: Args<[subcommand: 'FAILOVER', ...option: [] | [option: 'FORCE' | 'TAKEOVER']] | [subcommand: 'FLUSHSLOTS'] | [subcommand: 'FORGET', nodeId: RedisValue], Buffer>): Result<Buffer, Context>;
  clusterBuffer(...args: Args<[subcommand: 'GETKEYSINSLOT', slot: Numeric, count: Numeric], Buffer[]>): Result<Buffer[], Context>;
  clusterBuffer(...args: Args<[subcommand: 'INFO' | 'NODES' | 'MYID' | 'MYSHARDID'], Buffer>): Result<Buffer, Context>;
  clusterBuffer(...args: Args<[subcommand: 'KEYSLOT', key: RedisKey], number>): Result<number, Context>;
  clusterBuffer(...args: Args<[subcommand: 'LINKS' | 'SHARDS'], unknown[]>): Result<unknown[], Context>;
  clusterBuffer(...args: Args<[subcommand: 'MEET', host: RedisValue, port: Numeric, ...option: [] | [busPort: RedisValue]], Buffer>): Result<Buffer, Context>;
  clusterBuffer(...args: Args<[subcommand: 'MIGRATION', ...args: ManyArgs], unknown>): Result<unknown, Context>;
  clusterBuffer(...args: Args<[subcommand: 'REPLICAS' | 'SLAVES', nodeId: RedisValue], Buffer[]>): Result<Buffer[], Context>;
  clusterBuffer(...args: Args<[subcommand: 'REPLICATE', nodeId: RedisValue] | [subcommand: 'RESET', ...option: [] | [option: 'HARD' | 'SOFT']] | [subcommand: 'SAVECONFIG'] | [subcommand: 'SET-CONFIG-EPOCH', epoch: Numeric] | [subcommand: 'SETSLOT', slot: Numeric, ...option: [option: 'IMPORTING' | 'MIGRATING' | 'NODE', nodeId: RedisValue] | [stable: 'STABLE']], Buffer>): Result<Buffer, Context>;
  clusterBuffer(...args: Args<[subcommand: 'SLOT-STATS', ...option: [slotsrange: 'SLOTSRANGE', slotStart: Numeric, slotEnd: Numeric] | [orderby: 'ORDERBY', metric: RedisValue, ...option: [] | [limit: 'LIMIT', limit: Numeric], ...option: [] | [option: 'ASC' | 'DESC']]], unknown[]>): Result<unknown[], Context>;
  clusterBuffer(...args: Args<[subcommand: 'SLOTS'], [slotStart: number, slotEnd: number, ...nodes: [host: Buffer, port: number, nodeId: Buffer, info: unknown[]][]][]>): Result<[slotStart: number, slotEnd: number, ...nodes: [host: Buffer, port: number, nodeId: Buffer, info: unknown[]][]][], Context>;
  clusterBuffer(...args: Args<[subcommand: 'SYNCSLOTS', ...args: ManyArgs], unknown>): Result<unknown, Context>;
  clusterBuffer(...args: Args<[subcommand: 'HELP'], Buffer[]>): Result<Buffer[], Context>;
  /** `READONLY` */
  readonly(callback?: Callback<'OK'>): Result<'OK', Context>;
  readonlyBuffer(callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `READWRITE` */
  readwrite(callback?: Callback<'OK'>): Result<'OK', Context>;
  readwriteBuffer(callback?: Callback<Buffer>): Result<Buffer, Context>;
  /** `TRIMSLOTS args...` */
  trimslots(...args: Args<[...args: ManyArgs], unknown>): Result<unknown, Context>;
  trimslotsBuffer: Commands<Context>['trimslots'];
}
