import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A self-signed certificate for localhost in files of their own; null where there is no openssl. */
export function makeCertificate(): { cert: string; key: string } | null {
  const directory = mkdtempSync(join(tmpdir(), "plotty-tls-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const files = { cert: join(directory, "cert.pem"), key: join(directory, "key.pem") };
  const kind = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "1",
  ];
  const made = spawnSync("openssl", [
    ...kind,
    "-subj",
    "/CN=localhost",
    "-keyout",
    files.key,
    "-out",
    files.cert,
  ]);
  return made.status === 0 ? files : null;
}
