import { readFileSync } from "node:fs";
import { errors, importSPKI, jwtVerify } from "jose";
import type { Clock } from "../../../shared/clock.ts";
import { PlottyError } from "../../../shared/errors.ts";
import type { CreatedRobotKey, RobotKeyView } from "../../../shared/http-messages.ts";
import type { Config } from "../../config-schema.ts";

export interface Admission {
  /** Wall clock, ms; null: it does not end by itself. */
  readonly untilMs: number | null;
  /** Whether it still holds: a key may be revoked. */
  isValid(): boolean;
}

export interface FoundKey {
  readonly role: RobotKeyView["role"];
  /** False once it was revoked. */
  isValid(): boolean;
}

/** Robot keys (`crpa_…`), where the daemon keeps them. */
export interface RobotKeys {
  create(name: string, role: RobotKeyView["role"]): CreatedRobotKey;
  list(): RobotKeyView[];
  revoke(id: string): void;
  /** @returns null for one that is unknown or revoked */
  find(key: string): FoundKey | null;
}

export type TokenCheck = (token: string | null) => Promise<Admission>;

const FOR_EVER: Admission = { untilMs: null, isValid: () => true };
export const KEY_PREFIX = "crpa_";

/**
 * Who may listen to the orchestrator streams: bearers of a JWT that the configured key has signed with the configured
 * algorithm and that has an end, and of robot keys. Throws `auth.missing-key` or `auth.wrong-key`.
 * @param devMode lets in clients without a token; a wrong one is refused all the same
 */
export async function tokenCheck(
  config: Config["orchestrator"],
  keys: Pick<RobotKeys, "find">,
  devMode: boolean,
  clock: Clock,
): Promise<TokenCheck> {
  const verify = await jwtVerifier(config, clock);
  return async (token) => {
    if (token === null && devMode) return FOR_EVER;
    if (token === null) throw new PlottyError("auth.missing-key", "this stream wants a token: add ?token=");
    if (!token.startsWith(KEY_PREFIX)) return verify(token);
    const key = keys.find(token);
    if (!key) throw new PlottyError("auth.wrong-key", "the robot key is unknown or was revoked");
    return { untilMs: null, isValid: () => key.isValid() };
  };
}

async function jwtVerifier(config: Config["orchestrator"], clock: Clock) {
  const key = await signingKey(config);
  const options = { algorithms: [config.jwt_algorithm], requiredClaims: ["exp"] };
  return async (token: string): Promise<Admission> => {
    if (key === null) {
      throw new PlottyError(
        "auth.wrong-key",
        "this daemon takes no tokens: orchestrator.jwt_secret is not set",
      );
    }
    try {
      const { payload } = await jwtVerify(token, key, { ...options, currentDate: new Date(clock.wallMs()) });
      return { untilMs: payload.exp! * 1000, isValid: () => true };
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      const why =
        error instanceof errors.JWTExpired ? "the token has expired" : "the token is not valid here";
      throw new PlottyError("auth.wrong-key", why, undefined, error);
    }
  };
}

/** The algorithm decides which key counts, so that a public key can never pass for a shared secret. */
async function signingKey({ jwt_algorithm, jwt_secret, jwt_public_key }: Config["orchestrator"]) {
  if (jwt_algorithm === "HS256") return jwt_secret === null ? null : new TextEncoder().encode(jwt_secret);
  if (jwt_public_key === null) return null;
  const pem = pemText(jwt_public_key);
  try {
    return await importSPKI(pem, jwt_algorithm);
  } catch (error) {
    const message = `orchestrator.jwt_public_key is no ${jwt_algorithm} public key in PEM form`;
    throw new PlottyError("config.invalid", message, undefined, error);
  }
}

function pemText(value: string): string {
  if (value.includes("-----BEGIN")) return value;
  try {
    return readFileSync(value, "utf8");
  } catch (error) {
    const message = `orchestrator.jwt_public_key: cannot read ${value}`;
    throw new PlottyError("config.unreadable", message, { file: value }, error);
  }
}
