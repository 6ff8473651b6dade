/** Why plotty ends a WebSocket connection. */
export const CLOSE = {
  stopping: 1001,
  binaryFrame: 1003,
  badRequest: 1008,
  full: 1013,
  unauthorised: 4001,
  idle: 4008,
  tooSlow: 4009,
  flooding: 4029,
} as const;
