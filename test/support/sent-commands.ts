/** All that is sent over a link from now on, in order. */
export function sentCommands(link: { send(command: string): void }): string[] {
  const sent: string[] = [];
  const send = link.send.bind(link);
  link.send = (command) => {
    sent.push(command);
    send(command);
  };
  return sent;
}
