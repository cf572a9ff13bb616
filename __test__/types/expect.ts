/** Whether two types are the same one: assignable to each other is not enough. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `expectType<Promise<string>>()(redis.echo('a'))` compiles only where the types are the same. */
export declare function expectType<Expected>(): <Actual>(
  actual: Actual,
  ...otherwise: Equal<Actual, Expected> extends true ? [] : [expected: Expected, got: Actual]
) => void;

/** `expectReply<number>()(redis.incr('a'))`: what a command of a handle replies. */
export declare function expectReply<Reply>(): <Actual>(
  actual: Actual,
  ...otherwise: Equal<Actual, Promise<Reply>> extends true ? [] : [expected: Promise<Reply>, got: Actual]
) => void;
