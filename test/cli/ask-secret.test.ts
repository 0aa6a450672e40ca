import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { askSecret } from "../../cli/admin/ask-secret.ts";

function terminal() {
  const stdin = new PassThrough();
  const said: string[] = [];
  const stderr = {
    write: async (chunk: string | Uint8Array) => {
      said.push(chunk.toString());
    },
  };
  return { stdin, stderr, said };
}

test("typed text is returned and never shown", async () => {
  const { stdin, stderr, said } = terminal();
  const asked = askSecret({ stdin, stderr }, "Token: ");
  stdin.write("hunter2 \n");
  expect(await asked).toBe("hunter2");
  expect(said).toEqual(["Token: ", "\n"]);
});

test.each([
  ["Ctrl-C", "\u0003"],
  ["Ctrl-D", "\u0004"],
])("%s cancels", async (_, key) => {
  const { stdin, stderr } = terminal();
  const asked = askSecret({ stdin, stderr }, "Token: ");
  stdin.write(key);
  await expect(asked).rejects.toMatchObject({ code: "cancelled" });
});

test("the end of input cancels", async () => {
  const { stdin, stderr } = terminal();
  const asked = askSecret({ stdin, stderr }, "Token: ");
  stdin.end();
  await expect(asked).rejects.toMatchObject({ code: "cancelled" });
});
