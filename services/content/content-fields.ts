import { Type } from "@sinclair/typebox";
import { Nullable } from "../../contracts/dto/scalars.ts";

/** Kept as written, also when it is empty; null is no title. */
export const PostTitleField = Nullable(Type.String({ maxLength: 100 }));

export const PostContentField = Type.String({ minLength: 1, maxLength: 5_000, format: "not-blank" });

export const CommentContentField = Type.String({ minLength: 1, maxLength: 1_000, format: "not-blank" });
