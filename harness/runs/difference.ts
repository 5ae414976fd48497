/** The paths at which two JSON values differ, such as `programs.server.program`. A missing key differs. */
export function differences(a: unknown, b: unknown, path = ""): string[] {
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    // A list is one value. The keys of its entries may be in any order.
    return a.every((entry, n) => differences(entry, b[n]).length === 0) ? [] : [path];
  }
  if (!isObject(a) || !isObject(b)) return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => differences(a[key], b[key], path === "" ? key : `${path}.${key}`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
