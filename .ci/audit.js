// Asks the registry for known flaws in what is installed. Fails only on a real answer that names a grave one in what plotty
// ships with; a registry that does not serve audits, or does not answer, is told and fails nothing.
import { spawnSync } from "node:child_process";

const GRAVE = ["high", "critical"];

function audit(...flags) {
  const { stdout } = spawnSync("npm", ["audit", "--json", ...flags], { encoding: "utf8", timeout: 20_000 });
  try {
    return JSON.parse(stdout);
  } catch {
    return {}; // no answer at all
  }
}

/** The flaws by package; null when the registry has not answered. */
function flawsIn({ metadata, vulnerabilities }) {
  if (!metadata?.vulnerabilities || !vulnerabilities) return null;
  return Object.values(vulnerabilities).map(({ name, severity }) => ({ name, severity }));
}

const all = flawsIn(audit());
const shipped = flawsIn(audit("--omit=dev"));
if (all === null || shipped === null) {
  console.log("npm audit: the registry gave no answer, nothing was checked");
} else {
  const isShipped = ({ name }) => shipped.some((flaw) => flaw.name === name);
  for (const flaw of all) {
    console.log(`npm audit: ${flaw.severity} in ${flaw.name}${isShipped(flaw) ? "" : " (for development only)"}`);
  }
  const grave = shipped.filter(({ severity }) => GRAVE.includes(severity));
  console.log(`npm audit: ${all.length} known flaws, ${grave.length} grave ones in what is shipped`);
  if (grave.length > 0) process.exitCode = 1;
}
