import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

/** The documents plotty was asked to honour word for word; they lie beside the checkout, not in it. */
const FOLDER = fileURLToPath(new URL("../../../shared/seeds/", import.meta.url));

/** The port the samples name. */
export const SEED_PORT = 8766;

export interface Sample {
  readonly language: string;
  readonly code: string;
}

/** Every fenced sample of both documents, or why there are none. */
export function readSamples(): Sample[] | string {
  if (!existsSync(FOLDER)) return "the seed documents are not beside this checkout (../shared/seeds)";
  const texts = readdirSync(FOLDER).map((file) => readFileSync(`${FOLDER}${file}`, "utf8"));
  return texts.flatMap((text) =>
    [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, code]) => ({
      language: language!,
      code: code!,
    })),
  );
}

/** The one sample of a language that contains all of `parts`, unmodified. */
export function sample(language: string, ...parts: string[]): { code: string } | { missing: string } {
  const samples = readSamples();
  if (typeof samples === "string") return { missing: samples };
  const found = samples.filter(
    (one) => one.language === language && parts.every((part) => one.code.includes(part)),
  );
  if (found.length !== 1)
    throw new Error(`${found.length} ${language} samples contain ${parts.join(" and ")}`);
  return { code: found[0]!.code };
}

/** Why the samples' own port cannot be used, or null: a daemon may be running here. */
export async function portTaken(port = SEED_PORT): Promise<string | null> {
  for (const host of ["127.0.0.1", "::1"]) {
    const isTaken = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE"));
      probe.listen({ port, host }, () => probe.close(() => resolve(false)));
    });
    if (isTaken) return `port ${port}, which the sample names, is in use on this machine`;
  }
  return null;
}

/** A Python 3 with the `websockets` package, or why there is none. */
export function pythonWithWebsockets(): { command: string } | { missing: string } {
  for (const command of ["python3", "/usr/bin/python3"]) {
    if (spawnSync(command, ["-c", "import websockets"]).status === 0) return { command };
  }
  return { missing: "no Python 3 with the websockets package here (Debian: python3-websockets)" };
}
