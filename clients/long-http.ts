import { http } from "./raw/http.ts";
import { targetText } from "./raw/options.ts";
import { run } from "./raw/run.ts";

await run({
  name: "long-http",
  summary: "GET / of HTTP/1.1 one after another over C kept connections",
  keepOpen: true,
  protocol: (plan) => http(targetText(plan.to), plan.close === "server"),
});
