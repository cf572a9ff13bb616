'use strict';

/**
 * The codes of our errors are decided in src/error.rs; this makes the type of them, with what each one means.
 *
 * @param {string} source The content of `src/error.rs`.
 * @returns {string} The content of `types/error-codes.d.ts`.
 */
function emitErrorCodes(source) {
  const kinds = [...source.matchAll(/((?: +\/\/\/ .*\n)+) +\w+ => "(\w+)", (?:true|false);/g)];
  if (kinds.length === 0) throw new Error('no kinds in src/error.rs');
  const rows = kinds.map(([, doc, code]) => ` * - \`${code}\`: ${doc.replace(/\s*\/\/\/ /g, ' ').trim()}\n`);
  return `// Generated from src/error.rs by \`npm run types\`. Do not edit.

/**
 * The \`code\` of a UnifiedRedisError.
 *
${rows.join('')} */
export type ErrorCode =${kinds.map(([, , code]) => `\n  | '${code}'`).join('')};
`;
}

module.exports = { emitErrorCodes };
