// What preflight runs where a lab would begin: it prints a word for each thing that can be done here, and on standard error why
// another cannot. Its first word says that the namespaces are there.
import { accessSync, constants } from "node:fs";

console.log("inside");
try {
  accessSync("/proc/sys/net/core/somaxconn", constants.W_OK);
  console.log("somaxconn");
} catch {
  // The word is missing: preflight says what that means.
}
try {
  // Only now, as koffi may be what is missing.
  const { FIRST_INDEX, link, LOOPBACK_UP } = await import("./links.ts");
  const { currentNamespace } = await import("../kernel/namespace.ts");
  const here = currentNamespace("the try");
  const peer = { device: "try1", namespace: here };
  link(here, [LOOPBACK_UP, { make: "pair", pair: { device: "try0", index: FIRST_INDEX, peer } }]);
  console.log("veth");
} catch (error) {
  console.error((error instanceof Error ? error.message : String(error)).split("\n")[0]);
}
