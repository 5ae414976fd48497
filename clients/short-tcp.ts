import { run } from "./raw/run.ts";
import { tcp } from "./raw/tcp.ts";

void run({
  name: "short-tcp",
  summary: "a new TCP connection for every attempt, one line each way",
  keepOpen: false,
  saying: tcp,
});
