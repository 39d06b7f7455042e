import {describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {
    contains,
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {MainComponentsContainer} from "@web/core/main_components_container";
import {NotificationBell} from "@messaging_inbox/notifications/notification_bell";
import {switchesOf} from "@messaging_inbox/notifications/notification_events";
import {
    defineInboxModels,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {
    FakeBrowser,
    switchOn,
} from "@messaging_inbox/../tests/notifications/notification_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const COUNTERS = {mine: 0, unassigned: 0, others: 0, totals: {}, badge: 0};
const DOCTOR = {
    email: "ana@example.com",
    mail_server: "ok",
    last_email: {at: "2026-11-23 09:00:00", state: "sent", error: false},
    devices: 2,
    last_push: false,
    help_url: "/messaging/help/notifications",
};
const MINE_EMAIL = "input[name=messaging_notify_mine_email]";
const OTHERS_DESKTOP = "input[name=messaging_notify_others_desktop]";
const DIALOG = ".o-messaging-Notifications";

/** Open the dialog with the switches `asked` on; `doctor` has the server's facts. */
async function openDialog({doctor = DOCTOR, asked = ["mine_desktop"]} = {}) {
    onRpc("res.users", "messaging_notification_settings", () => ({doctor}));
    onRpc("res.users", "action_messaging_save_notifications", ({args}) => {
        expect.step(args[1]);
        return args[1];
    });
    await mountWithCleanup(MainComponentsContainer);
    await mountWithCleanup(NotificationBell);
    getService("messaging_inbox.store").startForAgent(COUNTERS);
    await switchOn(...asked);
    await contains(".o-messaging-Bell").click();
    await settle();
}

function method(name) {
    return `.o-messaging-Doctor-method[data-method=${name}]`;
}

test("eight switches show the saved settings, and each is saved separately", async () => {
    new FakeBrowser();
    await openDialog({asked: ["mine_desktop", "assigned_email"]});
    const names = Object.keys(switchesOf({})).filter((name) => !/repeat/.test(name));
    expect(`${DIALOG} input[role=switch]`).toHaveCount(8);
    for (const name of names) {
        const isOn = /_(mine_desktop|assigned_email)$/.test(name);
        const input = `input[name=${name}]`;
        expect(input + (isOn ? ":checked" : ":not(:checked)")).toHaveCount(1);
    }
    await contains(OTHERS_DESKTOP).click();
    await contains(`${DIALOG} .btn-success:contains(Save)`).click();
    expect.verifySteps([{messaging_notify_others_desktop: true}]);
    expect(DIALOG).toHaveCount(0);
    const {settings} = getService("messaging_inbox.notifications");
    expect(settings.messaging_notify_others_desktop).toBe(true);
});

for (const button of [".btn-close", ".btn-secondary:contains(Discard)"]) {
    test(`leaving by ${button} saves nothing`, async () => {
        new FakeBrowser();
        await openDialog();
        await contains(MINE_EMAIL).click();
        expect(`${MINE_EMAIL}:checked`).toHaveCount(1);
        await contains(`.modal ${button}`).click();
        expect(DIALOG).toHaveCount(0);
        await contains(".o-messaging-Bell").click();
        await settle();
        expect(`${MINE_EMAIL}:not(:checked)`).toHaveCount(1);
        expect.verifySteps([]);
    });
}

test("answering assigns only on request, and the choice is kept", async () => {
    new FakeBrowser();
    onRpc("res.users.settings", "set_res_users_settings", ({kwargs}) => {
        expect.step(kwargs.new_settings);
        return kwargs.new_settings;
    });
    await openDialog();
    expect("#o-messaging-take").not.toBeChecked();
    await contains("#o-messaging-take").click();
    await contains(`${DIALOG} .btn-success`).click();
    await settle();
    expect.verifySteps([{}, {messaging_take_on_reply: true}]);
    await contains(".o-messaging-Bell").click();
    await settle();
    expect("#o-messaging-take").toBeChecked();
});

test("settings saved in another tab are taken over, unless changed here", async () => {
    new FakeBrowser();
    await openDialog({asked: []});
    await contains(MINE_EMAIL).click();
    await switchOn("others_desktop");
    expect(`${OTHERS_DESKTOP}:checked`).toHaveCount(1);
    expect(`${MINE_EMAIL}:checked`).toHaveCount(1);
});

test("a refused save keeps the dialog open and shows the reason", async () => {
    new FakeBrowser();
    await openDialog();
    onRpc("res.users", "action_messaging_save_notifications", () => {
        const errorName = "odoo.exceptions.UserError";
        throw makeServerError({errorName, type: "UserError", message: "Not now."});
    });
    await contains(MINE_EMAIL).click();
    await contains(`${DIALOG} .btn-success`).click();
    expect(".o_notification").toHaveText(/Not now\./);
    expect(`${MINE_EMAIL}:checked`).toHaveCount(1);
});

test("the bell is crossed out if the browser shows no notifications", async () => {
    new FakeBrowser({permission: "denied"});
    await openDialog();
    expect(".o-messaging-Bell .fa-bell-slash-o").toHaveCount(1);
    expect(".o-messaging-Doctor").toHaveAttribute("open");
    expect(method("desktop")).toHaveText(/This browser blocks notifications/);
    await switchOn("mine_email");
    expect(".o-messaging-Bell .fa-bell-o").toHaveCount(1);
});

test("the dialog asks for the browser's permission", async () => {
    new FakeBrowser({permission: "prompt"});
    await openDialog();
    const permission = getService("mail.notification.permission");
    permission.requestPermission = () => {
        permission.permission = "granted";
    };
    await contains(".o-messaging-Doctor-ask").click();
    expect(".o-messaging-Doctor-ask").toHaveCount(0);
    expect(method("desktop")).toHaveText(/This browser shows notifications/);
});

test("the troubleshooting shows the server's facts", async () => {
    new FakeBrowser();
    await openDialog({
        doctor: {
            ...DOCTOR,
            email: false,
            mail_server: "none",
            devices: 0,
            last_email: {
                at: "2026-11-23 09:00:00",
                state: "failed",
                error: "Nobody there.",
            },
        },
    });
    await contains(".o-messaging-Doctor summary").click();
    expect(method("email")).toHaveText(/no valid email address/);
    expect(method("email")).toHaveText(/No outgoing mail server/);
    expect(method("email")).toHaveText(/Failed.*Nobody there\./);
    expect(method("push")).toHaveText(/No browser is registered/);
    expect(`${method("email")} .text-warning`).toHaveCount(1);
    expect(`${method("desktop")} .text-success`).toHaveCount(1);
});

test("the troubleshooting links to the help for each browser", async () => {
    new FakeBrowser();
    await openDialog();
    await contains(".o-messaging-Doctor summary").click();
    expect(queryAllTexts(".o-messaging-Doctor a")).toEqual([
        "Chrome",
        "Firefox",
        "Safari",
        "Edge",
        "Phone",
    ]);
    expect(".o-messaging-Doctor a:contains(Safari)").toHaveAttribute(
        "href",
        "/messaging/help/notifications#safari"
    );
});

test("each method can be tested, and shows the result", async () => {
    new FakeBrowser();
    await openDialog();
    onRpc("res.users", "action_messaging_test_notification", ({args}) => {
        expect.step(args[1]);
        return {sent: args[1] !== "push", message: `Said of ${args[1]}`};
    });
    await contains(".o-messaging-Doctor summary").click();
    for (const name of ["desktop", "push", "email"]) {
        await contains(`${method(name)} button:contains(Send a test)`).click();
        const look = name === "push" ? ".text-danger" : ".text-success";
        expect(`${method(name)} [role=status]${look}`).toHaveText(`Said of ${name}`);
    }
    expect.verifySteps(["desktop", "push", "email"]);
});

test("if the facts can't be loaded, the switches work and an error is shown", async () => {
    new FakeBrowser();
    onRpc("res.users", "messaging_notification_settings", () => {
        const errorName = "odoo.exceptions.UserError";
        throw makeServerError({errorName, type: "UserError", message: "Too busy."});
    });
    await mountWithCleanup(MainComponentsContainer);
    await mountWithCleanup(NotificationBell);
    await contains(".o-messaging-Bell").click();
    await settle();
    await contains(".o-messaging-Doctor summary").click();
    expect(`${DIALOG} [role=alert]`).toHaveText("Too busy.");
    expect(`${DIALOG} input[role=switch]`).toHaveCount(8);
});
