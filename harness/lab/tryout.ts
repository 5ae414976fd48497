// preflight runs this program in the place of a lab's first process. It prints a word for each thing that works here, and on
// standard error why another does not. Its first word means that the namespaces were created.
import { accessSync, constants } from "node:fs";

console.log("inside");
try {
  accessSync("/proc/sys/net/core/somaxconn", constants.W_OK);
  console.log("somaxconn");
} catch {
  // Without the word, preflight explains what is missing.
}
try {
  // Imported only here, because koffi may be missing.
  const { FIRST_INDEX, link, LOOPBACK_UP } = await import("./links.ts");
  const { currentNamespace } = await import("../kernel/namespace.ts");
  const here = currentNamespace("the try");
  const peer = { device: "try1", namespace: here };
  link(here, [LOOPBACK_UP, { make: "pair", pair: { device: "try0", index: FIRST_INDEX, peer } }]);
  console.log("veth");
} catch (error) {
  console.error((error instanceof Error ? error.message : String(error)).split("\n")[0]);
}
