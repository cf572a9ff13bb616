// What is declared is what there is: the names of the implementation's public members.

import type { Helper, UnifiedRedisError, UnifiedRedisManager } from 'unified-redis';
import type { UnifiedRedisError as ErrorClass } from '../../lib/errors';
import type { createHelper } from '../../lib/helper';
import type { UnifiedRedisManager as ManagerClass } from '../../lib/manager';
import { expectType, type Equal } from './expect';

type Names<T> = Exclude<keyof T, symbol>;

expectType<true>()(null! as Equal<Names<UnifiedRedisManager>, Names<InstanceType<typeof ManagerClass>>>);
expectType<true>()(null! as Equal<Names<Helper>, Names<ReturnType<typeof createHelper>>>);
expectType<true>()(null! as Equal<Names<UnifiedRedisError>, Names<InstanceType<typeof ErrorClass>>>);
