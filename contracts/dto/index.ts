export * from "./activity.ts";
export * from "./member.ts";
export * from "./paging.ts";
export * from "./post.ts";
export * from "./profile-fields.ts";
export * from "./scalars.ts";
export * from "./search.ts";
export * from "./tokens.ts";
