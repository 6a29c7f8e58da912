import type { ServiceBroker } from "moleculer";
import repl from "moleculer-repl";
import { COMMANDS } from "./commands.ts";
import { withOwnEvents } from "./events.ts";

/** Opens Moleculer's REPL with our commands besides its own. */
export function startRepl(broker: ServiceBroker): void {
  const server = repl(broker, { delimiter: "dailyfeed $", customCommands: [...COMMANDS] });
  const evaluate = server.eval;
  const withOurs: typeof evaluate = (line, ...rest) => evaluate.call(server, withOwnEvents(line), ...rest);
  Object.assign(server, { eval: withOurs });
}
