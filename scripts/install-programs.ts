// Installs the Debian packages of programs that tests need and this machine lacks, so that .ci/run can run every test.
import { missingOf } from "../tests/programs/needs.ts";
import { PACKAGES, PROGRAMS } from "../tests/programs/packages.ts";
import { installPackages } from "./debian/packages.ts";

try {
  installPackages(missingOf(PROGRAMS).map((program) => PACKAGES[program]));
} catch (error) {
  console.log(
    `${error instanceof Error ? error.message : String(error)}; the tests that need them are skipped`,
  );
}
