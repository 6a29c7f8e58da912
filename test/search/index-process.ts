import { EmbeddedIndex } from "../../lib/search/embedded/embedded-index.ts";

/**
 * Child of the tests of the embedded index, `argv`: file, what to do, how many posts, which process.
 * `write` puts its posts one by one; `rebuild` puts those of three such processes into new generations, again and again;
 * `hang` begins a generation, tells so, and goes on writing until it is killed.
 */
const [file = "", role = "", count = "0", number = "0"] = process.argv.slice(2);
const index = new EmbeddedIndex(file);
const postsOf = (process: number) =>
  Array.from({ length: Number(count) }, (_, at) => ({
    id: process * 1_000 + at + 1,
    title: "",
    content: `함께 쓰는 글 ${process}`,
  }));

await index.open();
if (role === "write") {
  for (const post of postsOf(Number(number))) await index.putPosts([post]);
} else if (role === "rebuild") {
  for (let time = 0; time < 5; time++) {
    const rebuild = await index.rebuild();
    await rebuild.putPosts([1, 2, 3].flatMap(postsOf));
    await rebuild.activate();
  }
} else {
  const rebuild = await index.rebuild();
  for (;;) {
    await rebuild.putPosts(postsOf(Number(number)));
    process.stdout.write("filling\n");
  }
}
await index.close();
