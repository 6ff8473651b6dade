import { SignJWT } from "jose";
import type { Clock } from "../../../shared/clock.ts";
import { PlottyError } from "../../../shared/errors.ts";
import type { CreatedToken } from "../../../shared/http-messages.ts";
import type { Config } from "../../config-schema.ts";

/** A token that this daemon lets in. Throws `config.invalid` where it has no secret to sign with. */
export async function signToken(
  { jwt_algorithm, jwt_secret }: Config["orchestrator"],
  expiresInS: number,
  clock: Clock,
): Promise<CreatedToken> {
  if (jwt_algorithm !== "HS256" || jwt_secret === null) {
    const why =
      jwt_algorithm === "HS256"
        ? "set orchestrator.jwt_secret and start the daemon again"
        : `tokens by ${jwt_algorithm} are signed by whoever holds the private key`;
    throw new PlottyError("config.invalid", `this daemon cannot sign tokens: ${why}`);
  }
  const nowS = Math.floor(clock.wallMs() / 1000);
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + expiresInS)
    .sign(new TextEncoder().encode(jwt_secret));
  return { token, expires_at: new Date((nowS + expiresInS) * 1000).toISOString() };
}
