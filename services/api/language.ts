export type Language = "ko" | "en";

/** Korean unless `Accept-Language` prefers English. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  if (!acceptLanguage) return "ko";
  const ranked = acceptLanguage
    .split(",")
    .map((item) => {
      const [tag = "", ...options] = item.trim().split(";");
      const quality = options.find((option) => option.trim().startsWith("q="));
      return { tag: tag.toLowerCase(), quality: quality ? Number(quality.trim().slice(2)) : 1 };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  const first = ranked.find(({ tag }) => /^(ko|en)\b/.test(tag));
  return first?.tag.startsWith("en") ? "en" : "ko";
}
