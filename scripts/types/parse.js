'use strict';

/**
 * Reads `commands.spec`. Its head describes the notation.
 *
 * @typedef {{ kind: 'token', text: string }
 *   | { kind: 'value', name: string }
 *   | { kind: 'values', name: string }
 *   | { kind: 'group', name: string }
 *   | { kind: 'choice', alternatives: Node[][] }
 *   | { kind: 'option', alternatives: Node[][] }
 *   | { kind: 'anyOrder', parts: Node[] }} Node  A part of the arguments.
 * @typedef {{ name: string, syntax: string, args: Node[], reply: string }} Form One form of a command.
 * @typedef {{ title: string, forms: Form[] }} Section
 * @typedef {object} Spec
 * @property {Section[]} sections
 * @property {Map<string, Node[][]>} groups The shared groups: what each may be.
 * @property {Map<string, string>} argumentTypes TypeScript type by the name of the argument.
 * @property {Set<string>} elsewhere Commands that are declared by hand.
 */

const WORD = /\s*(\$[A-Z]+|\.\.\.|[[\](){}|]|[^\s[\](){}|.]+)/y;

/**
 * @param {string} text The content of `commands.spec`.
 * @returns {Spec}
 * @throws {Error} that names the line.
 */
function parseSpec(text) {
  /** @type {Spec} */
  const spec = { sections: [], groups: new Map(), argumentTypes: new Map(), elsewhere: new Set() };
  /** @type {Map<string, string>} */
  const groupSources = new Map();
  text.split('\n').forEach((line, index) => {
    try {
      parseLine(line.trim(), spec, groupSources);
    } catch (error) {
      throw new Error(`commands.spec:${index + 1}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
  });
  // What has no commands below it was a comment.
  spec.sections = spec.sections.filter((section) => section.forms.length > 0);
  return spec;
}

/**
 * @param {string} line
 * @param {Spec} spec What was read so far; receives what the line says.
 * @param {Map<string, string>} groupSources Shared groups as they are written, for the documentation.
 */
function parseLine(line, spec, groupSources) {
  if (line === '') return;
  if (line.startsWith('#')) {
    if (line !== '#') spec.sections.push({ title: line.slice(2), forms: [] });
    return;
  }
  const types = /^@(.+): (.+)$/.exec(line);
  if (types) {
    for (const name of types[2].split(' ')) spec.argumentTypes.set(name, types[1]);
    return;
  }
  const group = /^([A-Z]+) = (.+)$/.exec(line);
  if (group) {
    groupSources.set(group[1], group[2]);
    spec.groups.set(group[1], parseArguments(group[2], spec.groups));
    return;
  }
  const command = /^(\S+)(?: (.+?))? -> (.+)$/.exec(line);
  if (!command) throw new Error(`not "name arguments -> reply": ${line}`);
  const [, name, source = '', reply] = command;
  if (reply === '-') {
    spec.elsewhere.add(name);
    return;
  }
  const alternatives = parseArguments(source, spec.groups);
  if (alternatives.length > 1) throw new Error('put a choice into parentheses');
  const syntax = `${name.toUpperCase()} ${expand(source, groupSources)}`.trim();
  /** @type {Section} */ (spec.sections.at(-1)).forms.push({ name, syntax, args: alternatives[0], reply });
}

/**
 * The arguments with every `$GROUP` written out, as the documentation shows them.
 *
 * @param {string} source
 * @param {Map<string, string>} groupSources
 * @returns {string}
 */
function expand(source, groupSources) {
  return source.replace(/((?:^|[[(]|\| )?)\$([A-Z]+)(?=($|[\])]| \|)?)/g, (_, before, name, after) => {
    const text = expand(groupSources.get(name) ?? '', groupSources);
    const alone = before !== '' && after !== undefined;
    return before + (text.includes(' | ') && !alone ? `(${text})` : text);
  });
}

/**
 * @param {string} source
 * @param {Map<string, Node[][]>} groups The groups that may be named.
 * @returns {Node[][]} The alternatives; one, where there is no choice at the top.
 */
function parseArguments(source, groups) {
  /** @type {string[]} */
  const words = [];
  WORD.lastIndex = 0;
  for (let match; WORD.lastIndex < source.length && (match = WORD.exec(source));) words.push(match[1]);
  let position = 0;

  return alternativesUntil(undefined);

  /** @param {string | undefined} end @returns {Node[][]} */
  function alternativesUntil(end) {
    /** @type {Node[][]} */
    const alternatives = [[]];
    for (; words[position] !== end; position++) {
      const word = words[position];
      if (word === undefined) throw new Error(`"${end}" is missing`);
      if (word === '|') alternatives.push([]);
      else /** @type {Node[]} */ (alternatives.at(-1)).push(node(word));
    }
    return alternatives;
  }

  /** @param {string} word @returns {Node} */
  function node(word) {
    if (word === '[') return { kind: 'option', alternatives: enclosed(']') };
    if (word === '(') return { kind: 'choice', alternatives: enclosed(')') };
    if (word === '{') return { kind: 'anyOrder', parts: enclosed('}')[0] };
    if (word.startsWith('$')) {
      const name = word.slice(1);
      if (!groups.has(name)) throw new Error(`no group ${name} above this line`);
      return { kind: 'group', name };
    }
    if (/^[a-z]\w*$/.test(word)) {
      if (words[position + 1] !== '...') return { kind: 'value', name: word };
      position++;
      return { kind: 'values', name: word };
    }
    if (!/^([A-Z0-9-]+|[=~])$/.test(word)) throw new Error(`neither a word nor a value: ${word}`);
    return { kind: 'token', text: word };
  }

  /** @param {string} end */
  function enclosed(end) {
    position++;
    return alternativesUntil(end);
  }
}

module.exports = { parseSpec };
