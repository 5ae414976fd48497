import { printedBeside } from "../model/quoted.ts";
import type { ProgramSample } from "../model/sample.ts";

/** What a server that does not start often needs, by what it prints or what happened to it. */
const HINTS: readonly { prints: RegExp; says: string }[] = [
  {
    prints: /left a process behind/,
    says:
      "A process in the background can be neither stopped nor watched from here: start the server in the foreground " +
      `(nginx: -g "daemon off;"; lighttpd: -D; haproxy: without -D).`,
  },
  {
    // setuid(2), setgroups(2) and chown(2) fail for ids that the user namespace does not map (user_namespaces(7)).
    prints: /\b(?:setre?[ug]id|sete[ug]id|setres[ug]id|setgroups|initgroups|[lf]?chown)\b/i,
    says:
      "A lab of an ordinary user has one user and one group, and the server cannot change to another: let it keep its user " +
      '(nginx: "user root;"), or run lastack as root.',
  },
  {
    prints:
      /ECONNREFUSED|Connection refused|ENETUNREACH|Network is unreachable|EAI_AGAIN|Temporary failure in name resolution|no such host/i,
    says:
      "The lab has a network of its own: a database or another service of this machine is not in it. Let the command start what " +
      "the server needs, too, or start the server without it.",
  },
  {
    prints: /EADDRNOTAVAIL|Cannot assign requested address/i,
    says: "The lab has addresses of its own: let the server listen on all addresses (0.0.0.0 or ::).",
  },
];

/** Why a server did not become ready, in sentences: what happened, what it printed last, and what often helps. */
export function notReady(failed: ProgramSample | undefined, because = "its trial ended"): string {
  if (failed === undefined) return `The server could not be tried: ${because}.`;
  const lines = failed.lastLines ?? [];
  const what = failed.because ?? because;
  const hint = HINTS.find(({ prints }) => [what, ...lines].some((line) => prints.test(line)));
  const whole =
    failed.standardError === undefined ? "" : ` Its standard error is in scout/${failed.standardError}.`;
  return `The server ${what}; ${printedBeside(what, lines)}.${whole}${hint === undefined ? "" : ` ${hint.says}`}`;
}
