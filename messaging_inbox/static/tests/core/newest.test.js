import {describe, expect, test} from "@odoo/hoot";
import {Deferred} from "@odoo/hoot-mock";
import {Newest} from "@messaging_inbox/core/newest";

describe.current.tags("headless");

function ask(newest, answers, name) {
    const asking = new Deferred();
    const done = newest.take(
        asking,
        (answer) => answers.push(answer),
        (error) => answers.push(error.message)
    );
    done.then(() => answers.push(`${name} goes on`));
    return asking;
}

test("an outdated answer is ignored, and its caller resumes", async () => {
    const [newest, answers] = [new Newest(), []];
    const first = ask(newest, answers, "first");
    const second = ask(newest, answers, "second");
    first.resolve("old");
    await Promise.resolve();
    second.resolve("new");
    await new Promise((resolve) => setTimeout(resolve));
    expect(answers[0]).toBe("new");
    expect(answers.slice(1).sort()).toEqual(["first goes on", "second goes on"]);
});

test("an outdated answer that arrives last is ignored too", async () => {
    const [newest, answers] = [new Newest(), []];
    const first = ask(newest, answers, "first");
    ask(newest, answers, "second").resolve("new");
    await new Promise((resolve) => setTimeout(resolve));
    first.resolve("old");
    await new Promise((resolve) => setTimeout(resolve));
    expect(answers).toEqual(["new", "second goes on", "first goes on"]);
});

test("a failure of the newest call is reported, and every caller resumes", async () => {
    const [newest, answers] = [new Newest(), []];
    ask(newest, answers, "first").resolve("old");
    ask(newest, answers, "second").reject(new Error("failed"));
    await new Promise((resolve) => setTimeout(resolve));
    expect(answers[0]).toBe("failed");
    expect(answers).toHaveLength(3);
});
