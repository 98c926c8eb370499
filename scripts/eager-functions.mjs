// V8 only looks over a function when its file is loaded, and reads it again when it is first called; one in parentheses
// it compiles at once (v8.dev/blog/preparser, "PIFEs"). Where nearly all functions of a file run, and run once, looking
// twice is the greater part of the time.
import { parse } from 'acorn';

/**
 * The script with each function that is declared at its top level put in parentheses. They go first, as hoisting has it.
 * @param {string} script CommonJS
 */
export function withEagerFunctions(script) {
  const { body } = parse(script, { ecmaVersion: 'latest', sourceType: 'script' });
  const directives = body.filter(({ directive }) => directive !== undefined);
  const begin = directives.at(-1)?.end ?? body[0]?.start ?? 0;
  let functions = '';
  let rest = '';
  let at = begin;
  for (const { type, id, start, end } of body) {
    if (type !== 'FunctionDeclaration') continue;
    functions += `var ${id.name}=(${script.slice(start, id.start)}${script.slice(id.end, end)});`;
    rest += script.slice(at, start);
    at = end;
  }
  return `${script.slice(0, begin)};${functions}${rest}${script.slice(at)}`;
}
