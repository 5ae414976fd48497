import { parseSync, Visitor, type Expression, type Span, type Statement } from "oxc-parser";

interface Function_ {
  name: string;
  span: Span;
}

/** The names of exported functions without a docstring. Overloads share the docstring of the first one. */
export function undocumented(path: string, source: string): string[] {
  const { program, comments } = parseSync(path, source);
  const documented = ({ span }: Function_): boolean =>
    comments.some(
      ({ type, value, end }) =>
        type === "Block" &&
        value.startsWith("*") &&
        end <= span.start &&
        source.slice(end, span.start).trim() === "",
    );
  const locals = program.body.flatMap((statement) => functionsOf(statement, statement));
  const exported: Function_[] = [];
  for (const statement of program.body) {
    if (statement.type === "ExportDefaultDeclaration") {
      if (statement.declaration.type === "FunctionDeclaration") {
        exported.push({ name: statement.declaration.id?.name ?? "default", span: statement });
      }
    } else if (statement.type === "ExportNamedDeclaration" && statement.source === null) {
      if (statement.declaration !== null) exported.push(...functionsOf(statement.declaration, statement));
      const names = statement.specifiers.map(({ local }) =>
        local.type === "Literal" ? local.value : local.name,
      );
      exported.push(...locals.filter(({ name }) => names.includes(name)));
    }
  }
  const first = new Map<string, Function_>();
  for (const one of exported) if (!first.has(one.name)) first.set(one.name, one);
  return [...first.values()].filter((one) => !documented(one)).map(({ name }) => name);
}

function functionsOf(statement: Statement, span: Span): Function_[] {
  if (statement.type === "FunctionDeclaration" || statement.type === "TSDeclareFunction") {
    return [{ name: statement.id?.name ?? "default", span }];
  }
  if (statement.type !== "VariableDeclaration") return [];
  return statement.declarations.flatMap(({ id, init }) =>
    id.type === "Identifier" && isFunction(init) ? [{ name: id.name, span }] : [],
  );
}

function isFunction(node: Expression | null): boolean {
  return node?.type === "ArrowFunctionExpression" || node?.type === "FunctionExpression";
}

/**
 * The lines that only wait for time to pass: `await` on a timer, outside any loop. In a loop it may be the pause between two tests of a
 * condition, which is the right way to wait.
 */
export function bareSleeps(path: string, source: string): number[] {
  const timers = new Set<string>();
  const loops: Span[] = [];
  const sleeps: Span[] = [];
  const loop = (node: Span): void => void loops.push(node);
  new Visitor({
    ImportDeclaration(node) {
      if (!/^(?:node:)?timers\/promises$/.test(node.source.value)) return;
      for (const name of node.specifiers) timers.add(name.local.name);
    },
    ForStatement: loop,
    ForOfStatement: loop,
    ForInStatement: loop,
    WhileStatement: loop,
    DoWhileStatement: loop,
    AwaitExpression(node) {
      if (isTimer(node.argument, timers)) sleeps.push(node);
    },
  }).visit(parseSync(path, source).program);
  return sleeps
    .filter(({ start, end }) => !loops.some((span) => span.start < start && end < span.end))
    .map(({ start }) => source.slice(0, start).split("\n").length);
}

/** The lines that spread an object literal into another object, `...{ a: 1 }`: its properties can be written there directly. */
export function spreadLiterals(path: string, source: string): number[] {
  const lines: number[] = [];
  new Visitor({
    ObjectExpression({ properties }) {
      for (const one of properties) {
        if (one.type !== "SpreadElement" || one.argument.type !== "ObjectExpression") continue;
        lines.push(source.slice(0, one.start).split("\n").length);
      }
    },
  }).visit(parseSync(path, source).program);
  return lines;
}

/** `setTimeout(50)` of node:timers/promises, `timers.setTimeout(50)`, `new Promise((resolve) => setTimeout(resolve, 50))`. */
function isTimer(node: Expression, timers: ReadonlySet<string>): boolean {
  if (node.type === "CallExpression") {
    const { callee } = node;
    if (callee.type === "Identifier") return timers.has(callee.name);
    return (
      callee.type === "MemberExpression" &&
      callee.object.type === "Identifier" &&
      timers.has(callee.object.name)
    );
  }
  if (node.type !== "NewExpression" || node.callee.type !== "Identifier" || node.callee.name !== "Promise") {
    return false;
  }
  const [executor] = node.arguments;
  if (executor?.type !== "ArrowFunctionExpression") return false;
  const [resolve] = executor.params;
  const body = executor.body.type === "BlockStatement" ? expressionOf(executor.body.body[0]) : executor.body;
  if (resolve?.type !== "Identifier" || body?.type !== "CallExpression") return false;
  const [done] = body.arguments;
  const setsTimer = body.callee.type === "Identifier" && body.callee.name === "setTimeout";
  return setsTimer && done?.type === "Identifier" && done.name === resolve.name;
}

function expressionOf(statement: Statement | undefined): Expression | null {
  return statement?.type === "ExpressionStatement" ? statement.expression : null;
}
