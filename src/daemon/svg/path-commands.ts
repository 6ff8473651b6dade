/** Numbers that one repetition of a command takes; 0 for a letter that is no command. */
export function argumentCount(upper: number): number {
  switch (upper) {
    case 0x4d:
    case 0x4c:
    case 0x54:
      return 2;
    case 0x48:
    case 0x56:
      return 1;
    case 0x43:
      return 6;
    case 0x53:
    case 0x51:
      return 4;
    case 0x41:
      return 7;
    default:
      return 0;
  }
}

export function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
