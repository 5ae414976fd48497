import { Cannon } from "./autocannon/cannon.ts";
import { NOTES } from "./autocannon/notes.ts";
import { refusal } from "./autocannon/refusal.ts";
import { drive } from "./load/drive.ts";
import { fieldOf, REQUEST_FLAGS, readRequest } from "./raw/http.ts";
import { targetText } from "./load/options.ts";

void drive({
  name: "autocannon",
  summary: "requests of HTTP/1.1 one after another over C kept connections, by autocannon",
  keepOpen: true,
  blind: true,
  flags: [...REQUEST_FLAGS, { flag: "tls", placeholder: null, meaning: "refused: use undici for TLS" }],
  notes: NOTES,
  prepare(whole, said) {
    const authority = targetText(whole.to);
    const { method, path, headers } = readRequest(said, authority);
    const wrong = refusal(whole, { method, tls: (said["tls"] ?? []).length > 0 });
    if (wrong !== null) throw new Error(wrong);
    const target = {
      url: `http://${authority}${path}`,
      headers: Object.fromEntries(headers.map(fieldOf)),
    };
    return (plan, _share, listener) => new Cannon(plan, target, listener);
  },
});
