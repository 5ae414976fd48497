import { currentNamespace } from "../../kernel/namespace.ts";
import { listening } from "../../observers/listening.ts";
import { everyHolder, nameOf } from "../../observers/sockets/holders.ts";
import { EXIT } from "../exit.ts";
import { shownEndpoint, type Endpoint } from "./endpoint.ts";

/** The errors of bind(2), listen(2) and getaddrinfo(3) that the address or the port causes. */
const OF_ENDPOINT = /\b(?:EADDRINUSE|EADDRNOTAVAIL|EAFNOSUPPORT|EACCES|EPERM|ENOTFOUND|EAI_AGAIN)\b/;

/**
 * Why a server ended with an error, and the exit code. A server that makes the system calls itself has the errno only in its message.
 * ERR_PARSE_ARGS_... is the code of Node's parseArgs.
 */
export function howItEnded(
  error: unknown,
  program: string,
  endpoint: Endpoint,
): { code: number; text: string } {
  const {
    code = "",
    message = String(error),
    stack,
    syscall,
  } = Object(error) as Partial<NodeJS.ErrnoException>;
  const [errno] = OF_ENDPOINT.exec(code) ?? OF_ENDPOINT.exec(message) ?? [];
  if (errno !== undefined && syscall !== "connect")
    return { code: EXIT.unavailable, text: whyNotThere(errno, program, endpoint) };
  if (code.startsWith("ERR_PARSE_ARGS_")) {
    const [what = ""] = message.split(". ");
    return { code: EXIT.usage, text: `${program} does not take these arguments: ${what}.` };
  }
  return { code: EXIT.finding, text: `${program} ended with an error: ${stack ?? message}` };
}

function whyNotThere(errno: string, program: string, endpoint: Endpoint): string {
  const { host, port } = endpoint;
  const cannot = `${program} cannot listen on ${shownEndpoint(endpoint)}`;
  if (errno === "EADDRINUSE") {
    return `${cannot}: port ${port} is in use${heldBy(Number(port))}. Choose another with --port.`;
  }
  if (errno === "EACCES" || errno === "EPERM") {
    return (
      `this user may not listen on port ${port}: ports below net.ipv4.ip_unprivileged_port_start (usually 1024) ` +
      "need root or CAP_NET_BIND_SERVICE. Choose another with --port."
    );
  }
  return `${cannot}: ${host} is no address of this machine (${errno}). Choose another with --host.`;
}

/** Who listens on a port: ` by node (pid 4711)`; where it is another user's process, the command that shows it to root. */
function heldBy(port: number): string {
  const namespace = currentNamespace("here");
  const found = listening({ namespace }).filter((one) => one.port === port);
  const holders = everyHolder();
  const pids = new Set(found.flatMap(({ inode }) => holders.get(inode) ?? []));
  if (pids.size === 0) return ` ("sudo ss -ltnp sport = :${port}" shows the process)`;
  return ` by ${[...pids].map((pid) => `${nameOf(pid) ?? "a process"} (pid ${pid})`).join(" and ")}`;
}
