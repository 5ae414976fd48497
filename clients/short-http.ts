import { http } from "./raw/http.ts";
import { run } from "./raw/run.ts";

void run({
  name: "short-http",
  summary: "a new connection for every request of HTTP/1.1",
  keepOpen: false,
  saying: http,
});
