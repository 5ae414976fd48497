/** Parses a server such as `127.0.0.1:8080` or `[::1]:8080`; null for any other form. The address itself is not checked. */
export function parseTarget(text: string): { address: string; port: number } | null {
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:[\]]+)):(?<port>\d{1,5})$/.exec(text)?.groups;
  const address = match?.["v6"] ?? match?.["v4"];
  const port = Number(match?.["port"]);
  return address !== undefined && port >= 1 && port <= 65_535 ? { address, port } : null;
}
