// npm run alerts: writes docs/alerts.yaml from the symptoms of the catalogue and the committed recordings.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../harness/lab/paths.ts";
import { readAlerts } from "./alerts/project.ts";

const path = join(packageRoot, "docs/alerts.yaml");
const text = await readAlerts();
const before = ((): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
})();
if (text !== before) writeFileSync(path, text);
console.log(text === before ? "docs/alerts.yaml is up to date" : "docs/alerts.yaml");
