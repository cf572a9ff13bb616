'use strict';

/**
 * Lua scripts as commands (`defineCommand`). The server is sent the text when it may not have the script yet, and the
 * digest otherwise.
 */

const { createHash } = require('node:crypto');
const { onEvent } = require('../../bridge');
const { command, FLAGS } = require('../../commands');
const { invalidArgument } = require('../../errors');

const EVAL = command('eval');
const EVALSHA = command('evalsha');

/**
 * Digests of scripts that the server has been sent. It may have lost them again, and then says NOSCRIPT.
 *
 * @type {Set<string>}
 */
const sent = new Set();

// What answers on a new connection may be another server, or the same one started anew.
onEvent((event) => {
  if (event.type === 'link' && event.event === 'connect') sent.clear();
});

/** @typedef {{ lua: string, numberOfKeys?: number, readOnly?: boolean }} ScriptDefinition */

/** A script. */
class Script {
  /**
   * @param {string} name
   * @param {ScriptDefinition} definition
   */
  constructor(name, { lua, numberOfKeys, readOnly = false }) {
    if (typeof lua !== 'string') throw invalidArgument(`definition.lua of ${name}`, lua, 'a string');
    this.name = name;
    this.lua = lua;
    this.numberOfKeys = typeof numberOfKeys === 'number' ? numberOfKeys : undefined;
    this.flags = readOnly ? FLAGS.READONLY : 0;
    this.sha = createHash('sha1').update(lua).digest('hex');
  }

  /**
   * The arguments of a call, as those of EVALSHA.
   *
   * @param {unknown[]} args
   */
  arguments(args) {
    return this.numberOfKeys === undefined ? [this.sha, ...args] : [this.sha, this.numberOfKeys, ...args];
  }

  /**
   * How to send a call now.
   *
   * @param {ReadonlyArray<string | number | Uint8Array>} args prepared, those of EVALSHA
   * @param {boolean} withText whether the server may not have it
   * @returns {{ command: import('../../commands').Command, args: ReadonlyArray<string | number | Uint8Array> }}
   */
  call(args, withText = !sent.has(this.sha)) {
    if (!withText) return { command: EVALSHA, args };
    sent.add(this.sha);
    return { command: EVAL, args: [this.lua, ...args.slice(1)] };
  }
}

/**
 * Whether a script was not executed because the server does not have it.
 *
 * @param {any} error
 */
function isMissing(error) {
  return error?.code === 'NOSCRIPT';
}

module.exports = { Script, EVALSHA, isMissing };
