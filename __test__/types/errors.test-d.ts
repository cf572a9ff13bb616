import { ReplyError, UnifiedRedisError, type CommandInfo, type ErrorCode, type InvalidInputError } from 'unified-redis';
import { expectType } from './expect';

function handle(error: unknown) {
  if (error instanceof UnifiedRedisError) {
    expectType<ErrorCode>()(error.code);
    expectType<boolean>()(error.retryable);
    expectType<boolean>()(error.maybeExecuted);
    expectType<string | undefined>()(error.purpose);
    expectType<'UnifiedRedisError'>()(error.name);
    if (error.code === 'CONNECTION_LOST' && error.maybeExecuted) return error.message;
    // @ts-expect-error no such code
    if (error.code === 'CONNECTION_LOSST') return '';
  }
  if (error instanceof ReplyError) {
    expectType<string>()(error.code);
    expectType<CommandInfo | undefined>()(error.command);
    expectType<unknown[] | undefined>()(error.command?.args);
  }
  return undefined;
}

function isInvalid(error: unknown): error is InvalidInputError {
  return (error instanceof TypeError || error instanceof RangeError) && 'code' in error;
}

const error: Error = new UnifiedRedisError('CLOSED', 'Connection is closed.', { purpose: 'main', cause: new Error() });
// @ts-expect-error no such code
new UnifiedRedisError('OOPS', '');

void [handle, isInvalid, error];
