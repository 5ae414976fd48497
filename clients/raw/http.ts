import { hasBody, METHODS } from "../../harness/load/method.ts";
import type { Method } from "../../harness/load/method.ts";
import { readBody } from "./body.ts";
import { isFieldLine } from "./http-head.ts";
import { HttpResponse } from "./http-response.ts";
import { KnownHead } from "./known-head.ts";
import { targetText } from "../load/options.ts";
import { once } from "../load/said.ts";
import type { Flag, Said } from "../load/said.ts";
import type { Protocol, Saying } from "./protocol.ts";

/** A request of HTTP/1.1. */
export interface Request {
  method: Method;
  path: string;
  /** The name or address of the server, with a port: what TLS asks for. */
  host: string;
  /** Whole field lines: `Name: value`. The first is the Host header: `host`, or a --header of that name. */
  headers: string[];
  /** null: the request has no body, or an empty one. */
  body: Buffer | null;
}

/** The command-line flags of a request. */
export const REQUEST_FLAGS: Flag[] = [
  { flag: "path", placeholder: "PATH", meaning: "the path of the request; default /" },
  {
    flag: "host",
    placeholder: "NAME",
    meaning: "the name of the server, for the Host header and TLS; default the address",
  },
  { flag: "method", placeholder: "METHOD", meaning: "GET (default), HEAD, POST, PUT, PATCH or DELETE" },
  {
    flag: "body",
    placeholder: "FILE",
    meaning: "a file with the body of the request; the default method is then POST",
  },
  {
    flag: "header",
    placeholder: "LINE",
    meaning: "a header, 'Name: value'; may be repeated; Host replaces that of --host",
  },
];

/** The client asks for a close only if the server should close first. If the client closes first, it does not announce that. */
export const http: Saying = {
  flags: REQUEST_FLAGS,
  protocol: (plan, said) => conversation(readRequest(said, targetText(plan.to)), plan.close === "server"),
};

/**
 * HTTP/1.1 (RFC 9112). `serverCloses` adds `Connection: close` to the last request of a connection. This asks the server to close
 * after its response; without it the connection is kept (section 9.3).
 */
function conversation({ method, path, headers, body }: Request, serverCloses: boolean): Protocol {
  const lines = [`${method} ${path} HTTP/1.1`, ...headers];
  if (hasBody(method)) lines.push(`Content-Length: ${body?.length ?? 0}`);
  const message = (more: string[]): Buffer => {
    const head = Buffer.from([...lines, ...more, "", ""].join("\r\n"), "latin1");
    return body === null ? head : Buffer.concat([head, body]);
  };
  const ordinary = message([]);
  const closing = serverCloses ? message(["Connection: close"]) : ordinary;
  const known = new KnownHead();
  return {
    request: (_attempt, last) => (last ? closing : ordinary),
    reader: () => new HttpResponse(method, known),
  };
}

/** Section 3.2.1 (origin form), and the characters of a path and a query (RFC 3986 sections 3.3 and 3.4). */
const PATH = /^\/[\w\-.~!$&'()*+,;=:@%/?]*$/;
/** A host and a port as in a URI (RFC 3986 section 3.2.2), or nothing (RFC 9112 section 3.2). */
const HOST = /^[\w\-.~!$&'()*+,;=:%[\]]*$/;
/** Fields that the request has already, that end the connection, or that announce a body in another way than by its length. */
const OURS = ["connection", "content-length", "transfer-encoding", "expect", "upgrade"];

/** Parses the values of REQUEST_FLAGS; `address` is the default Host. Throws an Error with one sentence for the user. */
export function readRequest(said: Said, address: string): Request {
  const file = once(said, "body");
  const asked = once(said, "method") ?? (file === undefined ? "GET" : "POST");
  const method = METHODS.find((one) => one === asked);
  if (method === undefined)
    throw new Error(`--method takes one of ${METHODS.join(", ")}, not ${JSON.stringify(asked)}`);
  const path = once(said, "path") ?? "/";
  if (!PATH.test(path))
    throw new Error(
      `--path takes a path that begins with / and is percent-encoded, not ${JSON.stringify(path)}`,
    );
  const host = once(said, "host") ?? address;
  if (!HOST.test(host)) throw new Error(`--host takes a name or an address, not ${JSON.stringify(host)}`);
  const headers = withHost((said["header"] ?? []).map(readHeader), host);
  const body = readBody(file, method);
  if (body !== null && !headers.some((line) => /^content-type:/i.test(line))) {
    headers.push("Content-Type: application/octet-stream");
  }
  return { method, path, host, headers, body };
}

/** The Host header comes first (RFC 9110, section 7.2), and there is one. */
function withHost(headers: string[], host: string): string[] {
  const isHost = (line: string): boolean => /^host:/i.test(line);
  const [own, ...more] = headers.filter(isHost);
  if (more.length > 0) throw new Error("--header Host can be given only once");
  const value = own === undefined ? host : fieldOf(own)[1];
  if (!HOST.test(value))
    throw new Error(`--header Host takes a name or an address, not ${JSON.stringify(value)}`);
  return [`Host: ${value}`, ...headers.filter((line) => !isHost(line))];
}

function readHeader(line: string): string {
  const name = line.slice(0, line.indexOf(":"));
  if (!isFieldLine(line))
    throw new Error(`--header takes 'Name: value' in Latin-1 without line ends, not ${JSON.stringify(line)}`);
  if (OURS.includes(name.toLowerCase()))
    throw new Error(`--header ${name}: the client sets this header itself (see --body and --close)`);
  return line;
}

/** Name and value of a field line. */
export function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}
