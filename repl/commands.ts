import { breakers } from "./breakers.ts";
import type { CommandGroup } from "./command-group.ts";
import { deadLetters } from "./dead-letters.ts";
import { events } from "./events.ts";
import { jobs } from "./jobs.ts";
import { keys } from "./keys.ts";
import { topics } from "./topics.ts";

/** Every command of ours. They only call actions, so that any node of a mesh can give them. */
export const COMMANDS: readonly CommandGroup[] = [keys, deadLetters, topics, jobs, events, breakers];
