/** Texts by two names, from a table with one line each: `C16 refuted TIME-WAIT stays at 60 s`. Throws for any other line and for a duplicate. */
export function readTable(lines: string): Map<string, Map<string, string>> {
  const table = new Map<string, Map<string, string>>();
  for (const line of lines.trim().split("\n")) {
    const [, id, key, text] = /^(\S+) (\S+) (\S.*)$/.exec(line) ?? [];
    if (id === undefined || key === undefined || text === undefined)
      throw new Error(`this line is not "name key text": ${line}`);
    const own = table.get(id) ?? new Map<string, string>();
    if (own.has(key)) throw new Error(`there are two texts for ${id} ${key}`);
    table.set(id, own.set(key, text));
  }
  return table;
}
