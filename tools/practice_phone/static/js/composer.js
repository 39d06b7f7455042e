/** The composer: text, files, voice notes, places and contacts. */

import {attachMenu} from "./attach_menu.js";
import {askForAd, askForChoice, askForContact, askForLocation} from "./dialogs.js";
import {h, icon, iconButton, reconcile} from "./dom.js";
import {duration, preview, size} from "./format.js";
import {record} from "./recorder.js";
import {call, isMeta} from "./store.js";

/** Unsent text stays with its conversation. */
const drafts = new Map();
let here = null;
let recording = null;

const input = h("textarea", {
    rows: 1,
    placeholder: "Message",
    "aria-label": "Message",
    oninput: () => keep({body: input.value}),
});
const photos = picker("image/*,video/*");
const files = picker("");
const attachments = attachMenu([
    ["photo", "Photos", () => photos.click()],
    ["document", "Document", () => files.click()],
    [
        "location",
        "Location",
        () => sendAlso("location", askForLocation),
        (line) => line.kind !== "instagram",
    ],
    [
        "contact",
        "Contact",
        () => sendAlso("contact", askForContact),
        (line) => !isMeta(line),
    ],
    ["tap", "Button reply", () => sendAlso("choice", () => askForChoice(choices()))],
    ["story", "Reply to a story", () => answerStory("reply"), isInstagram],
    ["camera", "Mention in my story", () => answerStory("mention"), isInstagram],
    ["ad", "Arrive from an ad", comeFromAd, isMeta],
]);
const sendButton = iconButton("send", "Send", send, {className: "icon-button send"});
const voiceButton = iconButton("microphone", "Record a voice note", startVoice, {
    className: "icon-button send",
});
const quote = h("div.staged-quote", {hidden: true});
const staged = h("div.staged", {hidden: true});
const problem = h("p.problem", {role: "alert", hidden: true});
const voice = h("div.recording", {hidden: true});
const row = h(
    "div.composer-row",
    null,
    h("div.field", null, attachments.button, input),
    voiceButton,
    sendButton
);
const element = h(
    "form.composer",
    {onsubmit: send},
    attachments.menu,
    problem,
    quote,
    staged,
    voice,
    row,
    photos,
    files
);

function isInstagram(line) {
    return line.kind === "instagram";
}

function choices() {
    return isMeta(here.line) ? ["button", "postback"] : ["button", "list"];
}

function picker(accept) {
    const pick = h("input", {type: "file", multiple: true, accept, hidden: true});
    pick.addEventListener("change", () => {
        attach([...pick.files]);
        pick.value = "";
    });
    return pick;
}

// -- the draft ------------------------------------------------------------------

function draft() {
    return drafts.get(here.key) || {body: "", files: [], replyTo: null};
}

function keep(values) {
    drafts.set(here.key, {...draft(), ...values});
    show();
}

function draw(customer, line) {
    const key = `${line?.sid}/${customer.id}`;
    const isNew = here?.key !== key;
    here = {key, customer, line};
    element.hidden = !line;
    input.placeholder = line?.kind === "sms" ? "Text message" : "Message";
    attachments.fit(line);
    if (isNew) {
        stopVoice();
        attachments.close();
        announce("");
        input.value = draft().body;
        show();
        if (matchMedia("(hover: hover)").matches) {
            input.focus();
        }
    }
}

function show() {
    const {body, files: chosen, replyTo: quoted} = draft();
    const isEmpty = !body.trim() && !chosen.length;
    sendButton.hidden = isEmpty || Boolean(recording);
    voiceButton.hidden = !isEmpty || Boolean(recording);
    quote.hidden = !quoted;
    reconcile(quote, quoted ? quoteParts(quoted) : []);
    staged.hidden = !chosen.length;
    reconcile(staged, chosen.map(chip));
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 120)}px`;
}

function quoteParts(message) {
    const who = message.direction === "inbound" ? "You" : "Shop";
    return [
        h("div", null, h("strong", null, who), h("span", null, preview(message))),
        iconButton("close", "Cancel reply", () => keep({replyTo: null})),
    ];
}

function chip(file) {
    const remove = () => keep({files: draft().files.filter((each) => each !== file)});
    const isImage = file.type.startsWith("image/");
    file.link ||= isImage ? URL.createObjectURL(file) : "";
    return h(
        "div.chip",
        null,
        isImage ? h("img", {src: file.link, alt: ""}) : icon("document"),
        h(
            "span",
            null,
            h("strong", null, file.name),
            h("small", null, size(file.size))
        ),
        iconButton("close", `Remove ${file.name}`, remove)
    );
}

function attach(chosen) {
    if (here?.line && chosen.length) {
        keep({files: [...draft().files, ...chosen]});
        input.focus();
    }
}

function replyTo(message) {
    keep({replyTo: message});
    input.focus();
}

function announce(text) {
    problem.textContent = text;
    problem.hidden = !text;
}

// -- sending --------------------------------------------------------------------

async function send(event) {
    event?.preventDefault();
    const {body, files: chosen, replyTo: quoted} = draft();
    if (!body.trim() && !chosen.length) {
        return;
    }
    const before = draft();
    drafts.delete(here.key);
    input.value = "";
    show();
    await post({body, reply_to: quoted?.sid}, chosen, before);
}

/** A refusal restores the text, before anything typed meanwhile. */
async function post(values, chosen, before) {
    const {key, customer, line} = here;
    const form = new FormData();
    form.append("message", JSON.stringify({line: line.sid, wait: false, ...values}));
    chosen.forEach((file) => form.append("files", file, file.name));
    try {
        announce("");
        await call("POST", `/customers/${customer.id}/messages`, form);
    } catch (error) {
        if (before) {
            const typed = drafts.get(key)?.body;
            drafts.set(key, {
                ...before,
                body: [before.body, typed].filter(Boolean).join("\n"),
            });
        }
        if (here.key === key) {
            input.value = draft().body;
            show();
            announce(error.message);
        }
    }
}

async function sendAlso(name, ask) {
    const value = await ask();
    if (value) {
        const quoted = draft().replyTo?.sid;
        keep({replyTo: null});
        await post({[name]: value, reply_to: quoted}, []);
    }
    input.focus();
}

/** Replies to a story with the typed text; a mention needs no text. */
async function answerStory(story) {
    const body = story === "reply" ? draft().body || "😍" : "";
    if (story === "reply") {
        keep({body: ""});
        input.value = "";
    }
    await post({story, body}, []);
}

async function comeFromAd() {
    const values = await askForAd();
    if (values) {
        await post(values, []);
    }
    input.focus();
}

// -- voice notes ------------------------------------------------------------------

async function startVoice() {
    try {
        announce("");
        recording = await record((seconds) => drawVoice(seconds));
    } catch {
        announce("No microphone found. Attach a sound file instead.");
        return;
    }
    row.hidden = true;
    drawVoice(0);
}

function drawVoice(seconds) {
    voice.hidden = !recording;
    reconcile(voice, [
        iconButton("trash", "Discard the recording", stopVoice),
        h("span", null, h("i"), duration(seconds)),
        iconButton("send", "Send the voice note", sendVoice, {
            className: "icon-button send",
        }),
    ]);
}

function stopVoice() {
    recording?.cancel();
    recording = null;
    voice.hidden = true;
    row.hidden = false;
    show();
}

async function sendVoice() {
    const file = await recording.finish();
    stopVoice();
    await post({voice: true}, [file]);
}

// -- keys and the clipboard ---------------------------------------------------------

input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        send(event);
    } else if (event.key === "Escape" && draft().replyTo) {
        keep({replyTo: null});
    }
});
input.addEventListener("paste", (event) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length) {
        event.preventDefault();
        attach(pasted);
    }
});
export const composer = {element, draw, attach, replyTo};
