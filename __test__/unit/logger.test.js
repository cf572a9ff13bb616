'use strict';

const { createLogger } = require('../../lib/logger');

const LEVELS = ['error', 'warn', 'info', 'debug'];

function createTarget() {
  const lines = [];
  const target = Object.fromEntries(LEVELS.map((level) => [level, (line) => lines.push([level, line])]));
  return { lines, target };
}

function logAll(logger) {
  for (const level of LEVELS) logger[level](level);
}

describe('to the console', () => {
  beforeEach(() => LEVELS.forEach((level) => jest.spyOn(console, level).mockImplementation(() => {})));
  afterEach(() => jest.restoreAllMocks());

  test('from info upwards, marked as ours', () => {
    logAll(createLogger());
    expect(console.error).toHaveBeenCalledWith('[unified-redis] error');
    expect(console.warn).toHaveBeenCalledWith('[unified-redis] warn');
    expect(console.info).toHaveBeenCalledWith('[unified-redis] info');
    expect(console.debug).not.toHaveBeenCalled();
  });

  test('from the level that was asked for', () => {
    logAll(createLogger(undefined, 'error'));
    expect(console.error).toHaveBeenCalledTimes(1);
    expect(console.warn).not.toHaveBeenCalled();
    logAll(createLogger(undefined, 'debug'));
    expect(console.debug).toHaveBeenCalledTimes(1);
  });

  test('not at all', () => {
    logAll(createLogger(false));
    logAll(createLogger(undefined, 'silent'));
    for (const level of LEVELS) expect(console[level]).not.toHaveBeenCalled();
  });
});

test('a logger of the application decides by itself, unless a level is given', () => {
  const all = createTarget();
  logAll(createLogger(all.target));
  expect(all.lines.map(([level]) => level)).toEqual(LEVELS);
  const some = createTarget();
  logAll(createLogger(some.target, 'warn'));
  expect(some.lines.map(([level]) => level)).toEqual(['error', 'warn']);
});

test('methods are called on the logger, as pino needs it', () => {
  class Pino {
    lines = [];
    error(line) {
      this.lines.push(line);
    }
    warn() {}
    info(line) {
      this.lines.push(line);
    }
  }
  const pino = new Pino();
  const logger = createLogger(pino);
  logger.error('a');
  logger.debug('without debug(), info() has to do');
  expect(pino.lines).toEqual(['[unified-redis] a', '[unified-redis] without debug(), info() has to do']);
});

test('a logger that throws breaks nothing', () => {
  const throwing = () => {
    throw new Error('disk full');
  };
  const logger = createLogger({ error: throwing, warn: throwing, info: throwing });
  expect(() => logAll(logger)).not.toThrow();
});
