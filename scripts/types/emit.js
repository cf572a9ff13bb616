'use strict';

/**
 * Writes the TypeScript declarations of the commands.
 *
 * The arguments of a form are a union of tuples, so that a command with many options stays one line instead of a hundred
 * overloads. That keeps `tsc` fast, and its messages short.
 *
 * @import { Node, Form, Spec } from './parse.js'
 */

const HEAD = `// Generated from scripts/types/commands.spec by \`npm run types\`. Do not edit.

import type { Callback, ClientContext, RedisKey, RedisValue, Result } from './commander';

type Numeric = number | string;
/** The arguments of a command, and with a callback behind them. */
type Args<Arguments extends unknown[], Reply> = Arguments | [...Arguments, callback: Callback<Reply>];
`;

/**
 * @param {Spec} spec
 * @returns {string} The content of `types/commands.d.ts`.
 */
function emit(spec) {
  /** @type {Map<string, string>} */
  const aliases = new Map();
  const types = new ArgumentTypes(spec, aliases);
  for (const name of spec.groups.keys()) types.declareGroup(name);

  const body = spec.sections.map(({ title, forms }) => {
    const names = [...new Set(forms.map((form) => form.name))];
    const commands = names.map((name) =>
      emitCommand(
        name,
        forms.filter((form) => form.name === name),
        types,
      ),
    );
    return `\n  // ${title}\n\n${commands.join('')}`;
  });
  const declarations = [...aliases].map(([name, type]) => `type ${name} = ${type};\n`).join('');
  return `${HEAD}${declarations}
/**
 * Every command, in lower case, and its \`...Buffer\` twin, whose replies hold Buffers in place of strings.
 * What a command does is told at https://redis.io/docs/latest/commands/.
 */
export interface Commands<Context extends ClientContext = { type: 'default' }> {${body.join('')}}
`;
}

/**
 * @param {string} name
 * @param {Form[]} forms
 * @param {ArgumentTypes} types
 * @returns {string}
 */
function emitCommand(name, forms, types) {
  /** @type {Form[][]} */
  const signatures = [];
  for (const form of forms) {
    const last = signatures.at(-1);
    if (last && last[0].reply === form.reply && areSubcommands(last[0], form)) last.push(form);
    else signatures.push([form]);
  }
  const strings = signatures.map((same) => documentation(same) + signature(name, same, 'string', types)).join('');
  // Where no reply holds a string, the twin is the same thing, and this is much shorter.
  if (forms.every((form) => replyType(form.reply, 'string') === replyType(form.reply, 'Buffer'))) {
    return `${strings}  ${property(`${name}Buffer`)}: Commands<Context>['${name}'];\n`;
  }
  return strings + signatures.map((same) => signature(`${name}Buffer`, same, 'Buffer', types)).join('');
}

/**
 * Subcommands with the same reply share a signature. Forms of one and the same thing do not: the first one is the common
 * one, and the others should not cost anything where it fits.
 *
 * @param {Form} one
 * @param {Form} other
 */
function areSubcommands(one, other) {
  const words = [one, other].map(({ args: [first] }) => {
    if (first?.kind === 'choice' && areTokens(first.alternatives)) return tokenTypes(first.alternatives);
    return first?.kind === 'token' ? first.text : undefined;
  });
  return words[0] !== undefined && words[1] !== undefined && words[0] !== words[1];
}

/** @param {Form[]} forms */
function documentation(forms) {
  const lines = forms.map((form) => `\`${form.syntax}\``);
  return lines.length === 1
    ? `  /** ${lines[0]} */\n`
    : `  /**\n${lines.map((line) => `   * - ${line}\n`).join('')}   */\n`;
}

/**
 * @param {string} name
 * @param {Form[]} forms Forms with one reply.
 * @param {'string' | 'Buffer'} text What strings arrive as.
 * @param {ArgumentTypes} types
 */
function signature(name, forms, text, types) {
  const reply = replyType(forms[0].reply, text);
  const result = forms[0].reply.startsWith('!') ? reply : `Result<${reply}, Context>`;
  const value = result.replace(/^Promise<(.*)>$/, '$1').replace(/^Result<(.*), Context>$/, '$1');
  const plain = forms.length === 1 && forms[0].args.every((node) => node.kind === 'value');
  const lists = forms.map((form) => types.list(form.args).map(nameSubcommand));
  const parameters = plain
    ? [...lists[0], `callback?: Callback<${value}>`].join(', ')
    : `...args: Args<${lists.map((list) => `[${list.join(', ')}]`).join(' | ')}, ${value}>`;
  return `  ${property(name)}(${parameters}): ${result};\n`;
}

/**
 * A word in the first place is a subcommand; as the label of a tuple's first element, `delete` would be none.
 *
 * @param {string} element
 * @param {number} index
 */
function nameSubcommand(element, index) {
  return index === 0 ? element.replace(/^\w+: '/, "subcommand: '") : element;
}

/**
 * @param {string} reply As in the specification.
 * @param {'string' | 'Buffer'} text
 */
function replyType(reply, text) {
  return reply
    .replace(/^!/, '')
    .replace(/\bOK\b/g, "'OK'")
    .replace(/'\w+'/g, (word) => (text === 'string' ? word : 'Buffer'))
    .replace(/\bT\b/g, text);
}

/** @param {string} name */
function property(name) {
  return /^\w+$/.test(name) ? name : `'${name}'`;
}

/** Turns arguments into the elements of a tuple, and collects the types that they share. */
class ArgumentTypes {
  #spec;
  #aliases;

  /**
   * @param {Spec} spec
   * @param {Map<string, string>} aliases Receives the shared types.
   */
  constructor(spec, aliases) {
    this.#spec = spec;
    this.#aliases = aliases;
  }

  /** @param {string} name Of a shared group. */
  declareGroup(name) {
    const alternatives = this.#group(name);
    if (!areTokens(alternatives)) this.#aliases.set(pascal(name), this.#union(alternatives));
  }

  /**
   * @param {Node[]} nodes
   * @returns {string[]}
   */
  list(nodes) {
    return nodes.map((node) => this.#element(node));
  }

  /** @param {Node} node @returns {string} */
  #element(node) {
    switch (node.kind) {
      case 'token':
        return `${camel(node.text)}: '${node.text}'`;
      case 'value':
        return `${node.name}: ${this.#valueType(node.name)}`;
      case 'values':
        return `...${node.name}: ${this.#many(node.name)}`;
      case 'group':
        return this.#choice(camel(node.name), this.#group(node.name), pascal(node.name));
      case 'choice':
        return this.#choice('option', node.alternatives);
      case 'option':
        return `...option: [] | ${this.#union(node.alternatives)}`;
      case 'anyOrder':
        return `...options: ${orders(node.parts)
          .map((order) => `[${this.list(order).join(', ')}]`)
          .join(' | ')}`;
    }
  }

  /**
   * @param {string} label
   * @param {Node[][]} alternatives
   * @param {string} [alias] The shared type of the same thing.
   */
  #choice(label, alternatives, alias) {
    if (areTokens(alternatives)) return `${label}: ${tokenTypes(alternatives)}`;
    return `...${label}: ${alias ?? this.#union(alternatives)}`;
  }

  /** @param {Node[][]} alternatives @returns {string} */
  #union(alternatives) {
    /** @type {Map<string, Node[][]>} Alternatives that differ in their first word only, by what follows it. */
    const alike = new Map();
    const types = alternatives.map((nodes) => {
      const [first, ...rest] = nodes;
      if (first.kind === 'group' && rest.length === 0) return this.#named(first.name);
      if (first.kind !== 'token') return `[${this.list(nodes).join(', ')}]`;
      const key = rest.map((node) => (node.kind === 'value' ? this.#valueType(node.name) : this.#element(node))).join();
      const group = alike.get(key);
      if (group) {
        group.push(nodes);
        return undefined;
      }
      const same = [nodes];
      alike.set(key, same);
      return same;
    });
    return types
      .filter((type) => type !== undefined)
      .map((type) => (typeof type === 'string' ? type : this.#tuple(type)))
      .join(' | ');
  }

  /**
   * @param {Node[][]} alike a word and what follows it, which is of the same types
   * @returns {string}
   */
  #tuple(alike) {
    const [first, ...rest] = alike[0];
    if (alike.length === 1) return `[${this.list([first, ...rest]).join(', ')}]`;
    const values = rest.map((node, index) => {
      const isOneName = alike.every((nodes) => JSON.stringify(nodes[index + 1]) === JSON.stringify(node));
      return isOneName || node.kind !== 'value' ? this.#element(node) : `value: ${this.#valueType(node.name)}`;
    });
    return `[${[`option: ${tokenTypes(alike)}`, ...values].join(', ')}]`;
  }

  /** @param {string} name of a shared group */
  #named(name) {
    return areTokens(this.#group(name)) ? this.#union(this.#group(name)) : pascal(name);
  }

  /** @param {string} name */
  #group(name) {
    return /** @type {Node[][]} */ (this.#spec.groups.get(name));
  }

  /** @param {string} name */
  #valueType(name) {
    const type = this.#spec.argumentTypes.get(name) ?? 'RedisValue';
    return type === 'number | string' ? 'Numeric' : type;
  }

  /** @param {string} name Of values that are given one by one or as an array. */
  #many(name) {
    const alias = `Many${name[0].toUpperCase()}${name.slice(1)}`;
    const type = this.#valueType(name);
    this.#aliases.set(alias, `[...${name}: ${type}[]] | [${name}: readonly ${type}[]]`);
    return alias;
  }
}

/** @param {Node[][]} alternatives */
function areTokens(alternatives) {
  return alternatives.every((nodes) => nodes.length === 1 && nodes[0].kind === 'token');
}

/** @param {Node[][]} alternatives that begin with tokens */
function tokenTypes(alternatives) {
  return alternatives.map(([node]) => `'${node.kind === 'token' ? node.text : ''}'`).join(' | ');
}

/**
 * Every order of the parts, with and without those that may be left out.
 *
 * @param {Node[]} parts
 * @returns {Node[][]}
 */
function orders(parts) {
  /** @type {Node[][]} */
  const found = parts.every((part) => part.kind === 'option') ? [[]] : [];
  parts.forEach((part, index) => {
    const first = part.kind === 'option' ? given(part.alternatives) : [part];
    for (const rest of orders(parts.toSpliced(index, 1))) found.push([...first, ...rest]);
  });
  return found;
}

/** @param {Node[][]} alternatives @returns {Node[]} */
function given(alternatives) {
  return alternatives.length === 1 ? alternatives[0] : [{ kind: 'choice', alternatives }];
}

/** @param {string} text */
function camel(text) {
  if (!/^[A-Z]/.test(text)) return 'operator';
  return text.toLowerCase().replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}

/** @param {string} text */
function pascal(text) {
  return text[0] + camel(text).slice(1);
}

module.exports = { emit };
