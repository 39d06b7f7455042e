import {describe, expect, test} from "@odoo/hoot";
import {press} from "@odoo/hoot-dom";
import {contains, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {browser} from "@web/core/browser/browser";
import {
    CHANNEL,
    defineInboxModels,
    FakeInbox,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {readPlace} from "@messaging_inbox/core/places";

describe.current.tags("desktop");
defineInboxModels();

const TEXT = ".o-messaging-Composer-text";
const TOOL = ".o-messaging-Composer [aria-label='Send a location']";
const DIALOG = ".o-messaging-PlaceDialog";
const WHERE = "#messaging_place_where";
const NAME = "#messaging_place_label";
const STATUS = "#messaging_place_status";
const SEND = ".modal-footer .btn-primary";
const SHOP = {latitude: 41.3874, longitude: 2.1686, label: "Shop", address: "Gran Via"};

class FakePlaces extends FakeInbox {
    channels = [{...CHANNEL, takes_places: true}];
    places = [SHOP];

    inbox_places() {
        return this.places;
    }
}

async function open(changes = {}) {
    const server = Object.assign(new FakePlaces(), changes);
    const row = server.conversation();
    server.message(row);
    const store = await openInbox(server, {resId: row.id});
    return {row, server, store};
}

async function openDialog(changes) {
    const opened = await open(changes);
    await contains(TOOL).click();
    await settle();
    return opened;
}

function placesSent(server) {
    return server.callsOf("reply").map(({kwargs}) => kwargs.place);
}

test("coordinates and links to maps are read, everything else is not", () => {
    const here = {latitude: 41.38, longitude: 2.17};
    for (const text of [
        "41.38, 2.17",
        "  41.38 2.17 ",
        "41.38;2.17",
        "geo:41.38,2.17?z=15",
        "https://www.openstreetmap.org/?mlat=41.38&mlon=2.17#map=16/41/2",
        "https://www.openstreetmap.org/#map=16/41.38/2.17",
        "https://www.google.com/maps/@41.38,2.17,15z",
        "https://www.google.com/maps?q=41.38,2.17",
        "https://www.google.com/maps/search/?api=1&query=41.38%2C2.17",
        "https://www.google.com/maps/dir/?api=1&destination=41.38,2.17",
        "https://maps.apple.com/?ll=41.38,2.17",
    ]) {
        expect(readPlace(text)).toEqual({...here, label: ""}, {message: text});
    }
    const long =
        "https://www.google.com/maps/place/Bike+Shop/@41.3,2.1,17z/data=!3d41.38!4d2.17";
    expect(readPlace(long)).toEqual({...here, label: "Bike Shop"});
    expect(readPlace("https://maps.apple.com/?ll=41.38,2.17&q=Caf%C3%A9")).toEqual({
        ...here,
        label: "Café",
    });
    expect(readPlace(`41°24'12.2"N 2°10'26.5"W`)).toEqual({
        latitude: 41.403389,
        longitude: -2.174028,
        label: "",
    });
    for (const text of [
        "",
        "Gran Via 1",
        "91, 2",
        "41.38, 181",
        "41.38",
        "https://maps.app.goo.gl/abc",
        "https://www.openstreetmap.org/?mlat=&mlon=",
        "javascript:41.38,2.17",
        "https://example.com/41.38,2.17",
        "https://www.google.com/maps/place/%E0%A4%A",
    ]) {
        expect(readPlace(text)).toBe(null, {message: text});
    }
});

test("only a channel that takes places has the button, and a note doesn't", async () => {
    const {server, store} = await open({channels: [CHANNEL]});
    expect(TOOL).toHaveCount(0);
    store.channels[CHANNEL.id].takes_places = true;
    const other = server.conversation();
    await store.open(other.id);
    await settle();
    expect(TOOL).toHaveCount(1);
    store.active.mode = "note";
    await settle();
    expect(TOOL).toHaveCount(0);
});

test("a known place is sent as its own message; the text stays", async () => {
    const {server} = await open();
    await contains(TEXT).edit("See you there");
    await press(["alt", "shift", "g"]);
    await settle();
    expect(WHERE).toBeFocused();
    await contains(`${DIALOG} button:contains(Shop)`).click();
    expect(WHERE).toHaveValue("41.3874, 2.1686");
    await contains(SEND).click();
    await settle();
    expect(DIALOG).toHaveCount(0);
    expect(placesSent(server)).toEqual([SHOP]);
    expect(".o-messaging-Location").toHaveText(/Shop/);
    expect(TEXT).toHaveValue("See you there");
    expect(TEXT).toBeFocused();
});

test("a pasted link fills the name, and Enter sends it", async () => {
    const {server} = await openDialog({places: []});
    await contains(WHERE).edit(
        "https://www.google.com/maps/place/Old+Mill/@41.38,2.17,17z",
        {confirm: false}
    );
    expect(NAME).toHaveValue("Old Mill");
    expect(`${STATUS} a`).toHaveAttribute("href", /mlat=41.38&mlon=2.17/);
    await press("enter");
    await settle();
    expect(placesSent(server)).toEqual([
        {latitude: 41.38, longitude: 2.17, label: "Old Mill", address: ""},
    ]);
});

test("names that are too long for the server are cut", async () => {
    const name = "Mill".repeat(100);
    const {server} = await openDialog({places: []});
    await contains(WHERE).edit(
        `https://www.google.com/maps/place/${name}/@41.38,2.17,17z`,
        {confirm: false}
    );
    expect(NAME).toHaveValue(name.slice(0, 250));
    await press("enter");
    await settle();
    expect(placesSent(server)[0].label).toBe(name.slice(0, 250));
});

test("wrong input is explained and sends nothing", async () => {
    const {server} = await openDialog();
    await contains(SEND).click();
    expect(STATUS).toHaveText(/Choose a place/);
    await contains(WHERE).edit("https://maps.app.goo.gl/x", {confirm: false});
    await contains(SEND).click();
    expect(STATUS).toHaveText(/short link/);
    await contains(WHERE).edit("somewhere", {confirm: false});
    expect(STATUS).toHaveText("");
    await contains(SEND).click();
    expect(STATUS).toHaveText(/No place was found/);
    expect(WHERE).toBeFocused();
    expect(placesSent(server)).toEqual([]);
});

test("the browser's position is asked for, and a refusal explained", async () => {
    let answer = null;
    const getCurrentPosition = (...callbacks) => (answer = callbacks);
    const geolocation = {getCurrentPosition};
    patchWithCleanup(browser, {navigator: {...browser.navigator, geolocation}});
    await openDialog();
    await contains(`${DIALOG} button:contains(My position)`).click();
    expect(`${DIALOG} button:contains(Locating)`).toHaveProperty("disabled", true);
    answer[1]({code: 1});
    await settle();
    expect(STATUS).toHaveText(/doesn't allow it/);
    await contains(`${DIALOG} button:contains(My position)`).click();
    answer[0]({coords: {latitude: 41.38740049, longitude: 2.1}});
    await settle();
    expect(WHERE).toHaveValue("41.3874, 2.1");
});

test("a refused place is edited in the dialog", async () => {
    const {server} = await openDialog();
    server.failNext("reply", "The customer opted out.");
    await contains(`${DIALOG} button:contains(Shop)`).click();
    await contains(SEND).click();
    await settle();
    await contains(".o-messaging-Trouble button:contains(Edit)").click();
    await settle();
    expect(WHERE).toHaveValue("41.3874, 2.1686");
    expect(NAME).toHaveValue("Shop");
});
