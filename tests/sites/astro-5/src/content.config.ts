import { defineCollection, z } from "astro:content";
import { glob } from "astro/loaders";

const blog = defineCollection({
  loader: glob({ base: "./src/content/blog", pattern: "**/*.md" }),
  schema: z.object({ title: z.string(), pubDate: z.coerce.date().nullable() }),
});

export const collections = { blog };
