'use strict';

const { spawn } = require('node:child_process');
const path = require('node:path');
const { track } = require('../../scripts/lib/live-children.js');

const MAIN = path.join(__dirname, '../client/main.js');

/** The process under test, from outside. */
class Application {
  #child;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();
  #lastId = 0;
  #stderr = '';
  /** @type {string[]} lines of its stdout */
  output = [];
  /** Whether its end is part of the scenario. */
  mayEnd = false;

  /** @param {string[]} [wrapper] a command that executes its arguments, for instance in a namespace */
  constructor(wrapper = []) {
    const [file, ...args] = [...wrapper, process.execPath, '--expose-gc', MAIN];
    const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('REDIS_'));
    const child = spawn(file, args, {
      env: Object.fromEntries(entries),
      cwd: path.join(__dirname, '..'),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'json',
    });
    this.#child = track(child);
    const { stdout, stderr } = /** @type {{ stdout: import('node:stream').Readable, stderr: typeof stdout }} */ (child);
    let rest = '';
    stdout.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.output.push(line);
    });
    stderr.setEncoding('utf8').on('data', (text) => (this.#stderr += text));
    child.on('message', (message) => this.#answered(/** @type {any} */ (message)));
    /** @type {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} */
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#stderr += error.message;
        resolve({ code: 127, signal: null });
      });
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    this.ended.then(({ code, signal }) => {
      const error = new Error(`the application ended (code ${code}, signal ${signal}) ${this.#stderr}`);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
    /** Resolves when it can be told what to do. */
    this.started = new Promise((resolve, reject) => this.#waiting.set(0, { resolve, reject }));
  }

  get pid() {
    return /** @type {number} */ (this.#child.pid);
  }

  get stderr() {
    return this.#stderr;
  }

  /**
   * Has it do something: see METHODS in client/main.js. Rejects with what it rejected with, or when it ends.
   *
   * @param {string} method
   * @param {...any} args
   * @returns {Promise<any>}
   */
  tell(method, ...args) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, method, args }, (error) => error && reject(error));
    });
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    this.#child.kill(signal);
  }

  async stop() {
    this.mayEnd = true;
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** @param {{ id: number, value?: unknown, error?: { message: string } }} message */
  #answered({ id, value, error }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(Object.assign(new Error(error.message), error));
    else waiting?.resolve(value);
  }
}

module.exports = { Application };
