import { parseSync, Visitor, type Argument, type ModuleExportName, type Span } from "oxc-parser";

/** One import of a source file, in any syntax. */
export interface Import {
  /** What is imported, as written; null when it is computed. */
  from: string | null;
  line: number;
  /** Whether only types are imported: nothing is loaded when the program runs. */
  typeOnly: boolean;
}

/**
 * Every import of a TypeScript source: `import`, `export ... from`, `import()`, `import("...")` in a type,
 * `import x = require()`, `require()`, and createRequire, which counts as an import of a computed name. Throws when
 * the source does not parse.
 */
export function importsOf(path: string, source: string): Import[] {
  const parsed = parseSync(path, source);
  const [error] = parsed.errors;
  if (error !== undefined) throw new SyntaxError(`${path} does not parse: ${error.message}`);

  const found: Import[] = [];
  const add = (node: Span, from: string | null, typeOnly: boolean): void => {
    found.push({ from, line: source.slice(0, node.start).split("\n").length, typeOnly });
  };
  new Visitor({
    ImportDeclaration(node) {
      const names = node.specifiers;
      const inner = names.map((name) => name.type === "ImportSpecifier" && name.importKind === "type");
      add(node, node.source.value, node.importKind === "type" || (names.length > 0 && inner.every(Boolean)));
      const makesRequire = names.some(
        (name) => name.type === "ImportSpecifier" && nameOf(name.imported) === "createRequire",
      );
      if (makesRequire) add(node, null, false);
    },
    ExportAllDeclaration(node) {
      add(node, node.source.value, node.exportKind === "type");
    },
    ExportNamedDeclaration(node) {
      if (node.source === null) return;
      const inner = node.specifiers.map((name) => name.exportKind === "type");
      add(node, node.source.value, node.exportKind === "type" || (inner.length > 0 && inner.every(Boolean)));
    },
    ImportExpression(node) {
      add(node, literal(node.source), false);
    },
    TSImportType(node) {
      add(node, node.source.value, true);
    },
    TSImportEqualsDeclaration(node) {
      const reference = node.moduleReference;
      if (reference.type === "TSExternalModuleReference") add(node, reference.expression.value, false);
    },
    CallExpression(node) {
      const [argument] = node.arguments;
      if (node.callee.type !== "Identifier" || node.callee.name !== "require" || argument === undefined) {
        return;
      }
      add(node, literal(argument), false);
    },
  }).visit(parsed.program);
  return found;
}

/**
 * The number of imports by a plain search for lines. It knows no syntax, so it cannot fail in the same way as the parser: the parser must
 * not find much less.
 */
export function countImportLines(source: string): number {
  return source.match(/^(?:import|export)\b[^;"]*?\bfrom "[^"\n]+";|^import "[^"\n]+";/gm)?.length ?? 0;
}

function literal(node: Argument): string | null {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : null;
  if (node.type !== "TemplateLiteral" || node.expressions.length > 0) return null;
  return node.quasis[0]?.value.cooked ?? null;
}

function nameOf(name: ModuleExportName): string {
  return name.type === "Literal" ? name.value : name.name;
}
