import { members } from "./0001-members.ts";
import { authentication } from "./0002-authentication.ts";
import { content } from "./0003-content.ts";
import { events } from "./0004-events.ts";
import { documents } from "./0005-documents.ts";
import { images } from "./0006-images.ts";
import { outboxInPlace } from "./0007-outbox-in-place.ts";
import type { Migration } from "./migration.ts";

/** The whole history of the relational schema, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  members,
  authentication,
  content,
  events,
  documents,
  images,
  outboxInPlace,
];
