import { type Address, parseAddress } from "../client/address.ts";
import { type Api, createApi } from "../client/api.ts";
import type { Session } from "../session.ts";
import { createTheme, type Theme, wantsColor, wantsUnicode } from "../text/theme.ts";

/** The options that every command knows, as commander hands them over. */
export interface CommonOptions {
  readonly url?: string;
  readonly apiKey?: string;
  /** False after `--no-color`. */
  readonly color?: boolean;
}

/** Where the daemon is: flag, then environment, then the default. */
export function addressOf(session: Session, options: CommonOptions): Address {
  const { PLOTTY_URL, PLOTTY_API_KEY } = session.env;
  return parseAddress(
    options.url ?? (PLOTTY_URL || undefined),
    options.apiKey ?? (PLOTTY_API_KEY || undefined),
  );
}

export function apiOf(session: Session, options: CommonOptions): Api {
  return createApi(addressOf(session, options), session.signal);
}

export function themeFor(session: Session, options: CommonOptions, stream: { isTTY?: boolean }): Theme {
  return createTheme(wantsColor(stream, session.env, options.color), wantsUnicode(session.env));
}
