import { http } from "./raw/http.ts";
import { targetText } from "./raw/options.ts";
import { run } from "./raw/run.ts";

await run({
  name: "short-http",
  summary: "a new connection for every GET / of HTTP/1.1",
  keepOpen: false,
  // Only a server that is to close is asked to; who closes first leaves the server in the belief that it may go on.
  protocol: (plan) => http(targetText(plan.to), plan.close === "server"),
});
