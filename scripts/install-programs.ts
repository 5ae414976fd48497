// Installs what the tests call and this machine lacks, from Debian: .ci/run has every test run.
import { missingOf } from "../tests/programs/needs.ts";
import { PACKAGES, PROGRAMS } from "../tests/programs/packages.ts";
import { installPackages } from "./debian/packages.ts";

try {
  installPackages(missingOf(PROGRAMS).map((program) => PACKAGES[program]));
} catch (error) {
  console.log(
    `${error instanceof Error ? error.message : String(error)}: the tests that need them do not run`,
  );
}
