/** Pictures, audio, video, documents, locations and contacts in a bubble. */

import {h, icon} from "./dom.js";
import {duration, hue, initials, mediaWord, size} from "./format.js";

const BARS = 34;

export function attachment(media) {
    const url = `/control/media/${media.sid}`;
    const main = media.content_type.split("/")[0];
    if (/^image\/(png|jpeg|gif|webp)$/.test(media.content_type)) {
        return picture(media, url);
    }
    if (main === "video") {
        return h("video", {src: url, controls: true, preload: "metadata"});
    }
    return main === "audio" ? player(media, url) : documentCard(media, url);
}

function picture(media, url) {
    const label = media.filename || mediaWord(media);
    const image = h("img", {src: url, alt: label, loading: "lazy", decoding: "async"});
    image.addEventListener("error", () =>
        image.replaceWith(h("span.broken", null, icon("photo"), label))
    );
    return h("a.picture", {href: url, target: "_blank", rel: "noopener"}, image);
}

function documentCard(media, url) {
    const name = media.filename || mediaWord(media);
    const ending = (name.match(/\.(\w{1,4})$/) || [])[1] || "file";
    return h(
        "a.document",
        {href: url, download: name},
        h("span.document-kind", {dataset: {kind: ending.toLowerCase()}}, ending),
        h(
            "span.document-name",
            null,
            h("strong", null, name),
            h("small", null, size(media.size))
        ),
        icon("download")
    );
}

/** Returns the heights of a waveform, always the same for the same file. */
function heights(sid) {
    let seed = 11;
    return Array.from({length: BARS}, (_each, index) => {
        seed = (seed * 31 + sid.charCodeAt(2 + (index % 30)) * 17) % 997;
        return 22 + (seed % 78);
    });
}

function player(media, url) {
    const audio = h("audio", {src: url, preload: "metadata"});
    const button = h("button.play", {type: "button", "aria-label": "Play voice note"});
    const left = h("span.left", null, "0:00");
    const bars = heights(media.sid).map((each) =>
        h("i", {style: {height: `${each}%`}})
    );
    const wave = h("div.wave", {"aria-hidden": "true"}, ...bars);
    button.append(icon("play"), icon("pause"));
    const draw = () => {
        const share = audio.currentTime / (audio.duration || 1);
        bars.forEach((bar, index) =>
            bar.classList.toggle("played", index < share * BARS)
        );
        left.textContent = duration(audio.currentTime || audio.duration);
        const playing = !audio.paused;
        button.classList.toggle("playing", playing);
        button.setAttribute("aria-label", playing ? "Pause" : "Play voice note");
    };
    for (const name of ["play", "pause", "timeupdate", "loadedmetadata", "ended"]) {
        audio.addEventListener(name, draw);
    }
    button.addEventListener("click", () =>
        audio.paused ? audio.play() : audio.pause()
    );
    wave.addEventListener("click", (event) => {
        const box = wave.getBoundingClientRect();
        audio.currentTime =
            ((event.clientX - box.left) / box.width) * (audio.duration || 0);
    });
    return h("div.player", null, button, h("div.track", null, wave, left), audio);
}

/** Draws a map, because real ones need the internet. */
export function mapCard(place) {
    const where = `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
    return h(
        "div.place",
        null,
        h(
            "div.map",
            {"aria-hidden": "true"},
            h("i.river"),
            h("i.park"),
            icon("location")
        ),
        h("strong", null, place.label || "Location"),
        h("small", null, place.address || where)
    );
}

export function contactCard(contact) {
    const name = contact.name || "Contact";
    return h(
        "div.contact-card",
        null,
        h("span.avatar.small", {style: {"--hue": hue(name)}}, initials(name)),
        h("span", null, h("strong", null, name), h("small", null, contact.phone || ""))
    );
}
