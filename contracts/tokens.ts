/** Key of a logged-out access token in the key-value store, before its id; lives as long as the token would have. */
export const BLACKLIST_KEY_PREFIX = "member:authentication:blacklist:";
