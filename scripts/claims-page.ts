// npm run claims:page: writes docs/claims.md from the recordings that come with lastack.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../harness/lab/paths.ts";
import { bookOfClaims } from "../harness/runs/book.ts";

writeFileSync(join(packageRoot, "docs/claims.md"), await bookOfClaims());
console.log("docs/claims.md is written");
