import { Type } from "@sinclair/typebox";

/** Any text: one that names no record is not found. */
export const ActivityId = Type.String({ maxLength: 100, description: "A UUID" });
