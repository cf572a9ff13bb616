'use strict';

/**
 * Proves that code written against the types of ioredis compiles against ours: every overload of its commands, with and
 * without a callback, is called on our type, and the reply must fit where theirs was expected.
 */

const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

const ROOT = path.join(__dirname, '../..');
const THEIRS = path.join(path.dirname(require.resolve('ioredis')), 'utils/RedisCommander.d.ts');
/** The calls are compiled from memory, as if they were a file of the package. */
const CALLS = path.join(ROOT, 'ioredis-calls.ts');

const HEAD = `
import type { Callback, RedisCommander } from '.';
import type {
  RedisKey, RedisValue, Resp2, Resp3, Resp3Map, Resp3Double, RespShape, VsimReply,
} from 'ioredis/built/utils/RedisCommander';
type Context = { type: 'default'; mapping: 'resp2' };
type T = RedisValue[];
declare const ours: RedisCommander;
declare function value<Type>(): Type;
declare function take<Reply>(reply: Promise<Reply>): void;
`;

/** Where ioredis 6 declares what no server replies, ours says what one does: each such call, by how it begins. */
const DIFFERS = new Map([
  ['acl GETUSER', 'the reply holds arrays'],
  ['argrep', 'whether WITHVALUES is among untyped arguments cannot be known'],
  ['bgsave', 'the reply is "Background saving started"'],
  ['client TRACKINGINFO', 'the reply is an array'],
  ['cluster ADDSLOTS', 'the reply is OK'],
  ['cluster ADDSLOTSRANGE', 'the reply is OK'],
  ['cluster DELSLOTS', 'the reply is OK'],
  ['cluster DELSLOTSRANGE', 'the reply is OK'],
  ['cluster FLUSHSLOTS', 'the reply is OK'],
  ['cluster BUMPEPOCH', 'the reply has the epoch behind the word'],
  ['cluster SYNCSLOTS', 'it is for servers among themselves'],
  ['command COUNT', 'the reply is a number'],
  ['msetnx', 'the reply is 0 or 1, for an object too'],
  ['pubsub NUMPAT', 'the reply is a number'],
  ['reset', 'the reply is RESET'],
  ['set', 'the reply is null where IFEQ and its like do not hold'],
  ['time', 'the reply is two strings'],
  ['vemb RAW', 'the reply has a string in front'],
]);

/** @typedef {{ method: string, parameters: string[], isRest: boolean, reply: string }} Overload All types as text. */

const overloads = readOverloads(THEIRS);
const problems = compile(overloads.map(call)).map(({ index, message }) => ({ ...overloads[index], message }));
const seen = new Set(problems.map(difference));
for (const problem of problems.filter((each) => !DIFFERS.has(difference(each) ?? ''))) {
  console.error(`${call(problem)}\n    ${problem.message}`);
  process.exitCode = 1;
}
for (const entry of DIFFERS.keys()) {
  if (seen.has(entry)) continue;
  console.error(`${entry}: does not differ from ioredis any more`);
  process.exitCode = 1;
}
console.log(
  `${overloads.length} calls of ioredis' overloads, ${problems.length} with another reply than declared there`,
);

/**
 * @param {string} file
 * @returns {Overload[]}
 */
function readOverloads(file) {
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const commander = source.statements.find(
    (node) => ts.isInterfaceDeclaration(node) && node.name.text === 'RedisCommander',
  );
  if (!commander || !ts.isInterfaceDeclaration(commander)) throw new Error(`no RedisCommander in ${file}`);
  return commander.members.filter(ts.isMethodSignature).flatMap((member) => {
    const method = member.name.getText().replace(/\W*(\w+(?:-\w+)*)\W*/, '$1'); // one is ['restore-asking']
    const parameters = member.parameters.map((parameter) => parameter.type?.getText() ?? 'any');
    const reply = (member.type?.getText() ?? '').replace(/^(?:Result<(.*), Context>|Promise<(.*)>)$/s, '$1$2');
    const isRest = Boolean(member.parameters[0]?.dotDotDotToken);
    const overload = { method, parameters, isRest, reply };
    const takesCallback = !isRest && /^Callback</.test(parameters.at(-1) ?? '');
    return takesCallback ? [overload, { ...overload, parameters: parameters.slice(0, -1) }] : [overload];
  });
}

/** @param {Overload} overload */
function call({ method, parameters, isRest, reply }) {
  const values = isRest ? `...value<${parameters[0]}>()` : parameters.map((type) => `value<${type}>()`).join(', ');
  return `take<${reply}>(ours['${method}'](${values}));`.replace(/\s+/g, ' ');
}

/**
 * @param {Overload} overload
 * @returns {string | undefined} Where in the list of differences it belongs.
 */
function difference({ method, parameters }) {
  const words = [...parameters.join(' ').matchAll(/'([A-Z-]+)'/g)].map((match) => match[1]);
  const command = method.replace(/Buffer$/, '');
  return [...DIFFERS.keys()].find((each) => each === command || words.some((word) => each === `${command} ${word}`));
}

/**
 * @param {string[]} lines
 * @returns {{ index: number, message: string }[]} What the compiler says, by line.
 */
function compile(lines) {
  const text = `${HEAD}${lines.join('\n')}`;
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (file) => file === CALLS || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === CALLS ? ts.createSourceFile(file, text, ts.ScriptTarget.Latest) : getSourceFile(file, ...rest);

  const program = ts.createProgram([CALLS], options, host);
  const source = program.getSourceFile(CALLS);
  const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  return diagnostics.map((diagnostic) => {
    const line = source?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
    const index = line - (HEAD.split('\n').length - 1);
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n    ');
    if (index < 0) throw new Error(message);
    return { index, message };
  });
}
