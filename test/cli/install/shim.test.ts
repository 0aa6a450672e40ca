import {
  accessSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Home, newHome } from "../support/octopool.ts";

function locate(name: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(":")
    .map((directory) => join(directory, name))
    .find((path) => {
      try {
        accessSync(path);
        return true;
      } catch {
        return false;
      }
    });
}

/** Every file and directory below, with the bytes and the mode of each. */
function picture(directory: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(directory, { recursive: true, encoding: "utf8" })
      .sort()
      .map((name) => {
        const path = join(directory, name);
        const stat = lstatSync(path);
        const content = stat.isFile() ? readFileSync(path, "latin1") : stat.isSymbolicLink() ? "link" : "directory";
        return [name, `${(stat.mode & 0o777).toString(8)} ${content}`];
      }),
  );
}

/** A home whose PATH has the shells' own places, and a real gh. */
function shellHome(): Home {
  const home = newHome();
  const bin = join(home.directory, "bin");
  home.script("gh", "#!/bin/sh\necho real gh\n");
  return newHome({
    HOME: home.directory,
    PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
    XDG_CONFIG_HOME: join(home.directory, ".config"),
    XDG_DATA_HOME: "",
  });
}

const debianBashrc = "case $- in\n    *i*) ;;\n      *) return;;\nesac\nPATH=/usr/bin:$PATH";

describe.each(["bash", "zsh", "fish"])("%s", (shell) => {
  const program = locate(shell);

  test.skipIf(program === undefined)(
    `every kind of ${shell} finds the shim first, twice over, and nothing is left afterwards (needs ${shell})`,
    async () => {
      const home = shellHome();
      const place = home.env.HOME ?? "";
      writeFileSync(join(place, ".bashrc"), debianBashrc);
      writeFileSync(join(place, ".profile"), "# mine\n", { mode: 0o600 });
      const pristine = picture(place);
      await home.run("install-shim", "--shell", shell);
      await home.run("uninstall-shim");
      const before = picture(place);
      // fish makes directories of its own when it starts for the first time.
      if (shell !== "fish") expect(before).toEqual(pristine);

      const installed = await home.run("install-shim", "--shell", shell);
      expect(installed.stdout).toMatch(new RegExp(`✓ ${shell} +interactive ✓ +login ✓ +scripts ✓`));
      expect(installed.exitCode).toBe(0);
      expect(installed.stdout).toContain(`real gh: ${join(place, "bin/gh")}`);
      const after = picture(place);
      expect(after).not.toEqual(before);

      expect((await home.run("install-shim", "--shell", shell)).exitCode).toBe(0);
      expect(picture(place)).toEqual(after);

      expect((await home.run("uninstall-shim")).exitCode).toBe(0);
      expect(picture(place)).toEqual(before);
    },
  );
});

const bash = locate("bash");

describe.skipIf(bash === undefined)("install-shim (needs bash)", () => {
  test("--dry-run changes nothing", async () => {
    const home = shellHome();
    const before = picture(home.env.HOME ?? "");
    const { stdout, exitCode } = await home.run("install-shim", "--dry-run", "--shell", "bash");
    expect(exitCode).toBe(0);
    expect(stdout).toContain(".bashrc");
    expect(picture(home.env.HOME ?? "")).toEqual(before);
  });

  test("says which shell still finds another gh first, and why", async () => {
    const home = shellHome();
    writeFileSync(join(home.env.HOME ?? "", ".bash_profile"), "alias gh=hub\nshopt -s expand_aliases\n. ~/.bashrc\n");
    const { stdout, exitCode } = await home.run("install-shim", "--shell", "bash");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/login: gh is an alias or a function there/);
  });

  test("a curl that would spoil gh's output is refused before anything is written", async () => {
    const home = shellHome();
    const place = home.env.HOME ?? "";
    writeFileSync(join(place, "bin/curl"), '#!/bin/sh\necho "curl 7.38.0 (x86_64-redhat-linux-gnu)"\n', {
      mode: 0o755,
    });
    const before = picture(place);
    expect(await home.run("install-shim", "--shell", "bash")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("curl 7.38.0 is too old for the shim: 7.40.0 is needed."),
    });
    expect(picture(place)).toEqual(before);
  });

  test("without curl the shim is installed all the same, and names the missing program", async () => {
    const home = newHome();
    expect(await home.run("install-shim")).toMatchObject({ stderr: expect.stringContaining("There is no curl") });
  });

  test("leaves a gh that is not ours alone", async () => {
    const home = shellHome();
    const bin = join(home.env.HOME ?? "", "bin");
    expect(await home.run("install-shim", "--shell", "bash", "--dir", bin)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("is not Octopool's"),
    });
    expect(readFileSync(join(bin, "gh"), "utf8")).toContain("real gh");
  });

  test("writes through a link into the user's dotfiles, keeping link and mode", async () => {
    const home = shellHome();
    const place = home.env.HOME ?? "";
    mkdirSync(join(place, "dotfiles"));
    writeFileSync(join(place, "dotfiles/bashrc"), "# mine\n");
    chmodSync(join(place, "dotfiles/bashrc"), 0o640);
    symlinkSync("dotfiles/bashrc", join(place, ".bashrc"));
    expect((await home.run("install-shim", "--shell", "bash")).exitCode).toBe(0);
    expect(lstatSync(join(place, ".bashrc")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(place, "dotfiles/bashrc"), "utf8")).toContain("octopool shim");
    expect(statSync(join(place, "dotfiles/bashrc")).mode & 0o777).toBe(0o640);
    await home.run("uninstall-shim");
    expect(readFileSync(join(place, "dotfiles/bashrc"), "utf8")).toBe("# mine\n");
  });

  test("--dir with a blank, a quote and a dollar in it works and is found again without naming it", async () => {
    const home = shellHome();
    const place = join(home.env.HOME ?? "", "my $bin's");
    expect((await home.run("install-shim", "--shell", "bash", "--dir", place)).exitCode).toBe(0);
    await home.run("uninstall-shim");
    expect(readdirSync(home.env.HOME ?? "")).not.toContain("my $bin's");
  });

  test("the shim runs the real gh that was pinned, with its arguments untouched", async () => {
    const home = shellHome();
    await home.run("install-shim", "--shell", "bash");
    const { execa } = await import("execa");
    const shim = join(home.env.HOME ?? "", ".local/share/octopool/bin/gh");
    const child = await execa(shim, ["--version"], {
      env: { ...home.env, PATH: "/usr/bin:/bin" },
      extendEnv: false,
      reject: false,
    });
    expect(child).toMatchObject({ exitCode: 0, stdout: "real gh" });
  });
});
