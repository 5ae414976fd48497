/** One end of a connection, as a line of ss or netstat names it. The address is as lastack writes it; a port `*` is 0. */
export interface End {
  address: string;
  port: number;
}

/**
 * Reads `192.0.2.1:80`, `[2001:db8::1]:80`, `[fe80::1%eth0]:80`, `127.0.0.53%lo:53`, `*:80`, `:::80` and `::1:80` (netstat). null where the
 * port is no number: without `-n`, ss and netstat print the names of services.
 */
export function parseEnd(word: string): End | null {
  const colon = word.lastIndexOf(":");
  const [host, service] = [word.slice(0, colon), word.slice(colon + 1)];
  if (colon < 0 || host === "" || !/^(?:\*|\d{1,5})$/.test(service)) return null;
  const port = service === "*" ? 0 : Number(service);
  const address = addressOf(host);
  return port > 65_535 || address === null ? null : { address, port };
}

function addressOf(host: string): string | null {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  // ss writes * for a socket of all addresses, of both families.
  if (bare === "*") return "::";
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare);
  if (mapped !== null) return mapped[1] ?? null;
  return /^[\d.a-f:]+(?:%[\w.@-]+)?$/i.test(bare) ? bare : null;
}
