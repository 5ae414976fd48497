import { http } from "./raw/http.ts";
import { run } from "./raw/run.ts";

void run({
  name: "long-http",
  summary: "requests of HTTP/1.1 one after another over C kept connections",
  keepOpen: true,
  saying: http,
});
