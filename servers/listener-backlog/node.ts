// Node's own HTTP server, without a setting for the backlog.

import { createServer } from "node:http";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const server = createServer((_, response) => response.end("here\n"));
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${values.port}`);
});
process.once("SIGTERM", () => process.exit(0));
