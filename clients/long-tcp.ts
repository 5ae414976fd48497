import { run } from "./raw/run.ts";
import { tcp } from "./raw/tcp.ts";

void run({
  name: "long-tcp",
  summary: "attempts one after another over C TCP connections, one line each way",
  keepOpen: true,
  saying: tcp,
});
