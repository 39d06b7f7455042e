import {loadContainers, remux} from "./remux";
import {wavOf} from "./wav";

const AAC = "audio/mp4;codecs=mp4a.40.2";

/** How to get a file of a type: what the browser must record, and what makes the file. */
const WAYS = [
    {type: "audio/ogg", records: "audio/ogg;codecs=opus"},
    {type: "audio/ogg", records: "audio/webm;codecs=opus", make: remux},
    {type: "audio/ogg", records: "audio/mp4;codecs=opus", make: remux},
    // Browsers record MP4 in fragments, which fewer players take.
    {type: "audio/mp4", records: AAC, make: remux},
    {type: "audio/aac", records: AAC, make: remux},
    {type: "audio/wav", records: "audio/webm;codecs=opus", make: wavOf},
    {type: "audio/wav", records: "audio/ogg;codecs=opus", make: wavOf},
    {type: "audio/wav", records: AAC, make: wavOf},
];
/** Colleagues hear a voice note of a private note in their own browsers. */
export const TYPES_OF_NOTES = ["audio/ogg", "audio/mp4"];
const ENDINGS = {
    "audio/aac": "aac",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
};

/** Return how this browser records one of the types, the first being the best. */
export function wayTo(types, isSupported) {
    return types
        .flatMap((type) => WAYS.filter((way) => way.type === type))
        .find(({records}) => isSupported(records));
}

export const voiceFiles = {
    /** Get ready while somebody speaks, so that a missing library shows early. */
    prepare({make}) {
        return make === remux ? loadContainers() : Promise.resolve();
    },

    /** Return a recording as a file that the channel takes. */
    async make(way, recording, name) {
        const {type, make} = way;
        const content = make ? await make(recording, type) : recording;
        return new File([content], `${name}.${ENDINGS[type]}`, {type});
    },
};
