import {loadJS} from "@web/core/assets";

const LIBRARY = "/messaging_inbox/static/lib/mediabunny/mediabunny-1.61.0.min.js";

/** Load the library that knows the containers; only recordings need it. */
export async function loadContainers() {
    await loadJS(LIBRARY);
    return window.mediabunny;
}

/** Move the sound of a recording into another container, as it is encoded. */
export async function remux(recording, type) {
    const library = await loadContainers();
    const {EncodedAudioPacketSource, EncodedPacketSink, Input, Output} = library;
    const formats = {
        "audio/aac": library.AdtsOutputFormat,
        "audio/mp4": library.Mp4OutputFormat,
        "audio/ogg": library.OggOutputFormat,
    };
    const source = new library.BlobSource(recording);
    const input = new Input({source, formats: [library.WEBM, library.MP4]});
    const track = await input.getPrimaryAudioTrack();
    const target = new library.BufferTarget();
    const output = new Output({format: new formats[type](), target});
    const packets = new EncodedAudioPacketSource(await track.getCodec());
    const meta = {decoderConfig: await track.getDecoderConfig()};
    output.addAudioTrack(packets);
    await output.start();
    for await (const packet of new EncodedPacketSink(track).packets()) {
        await packets.add(packet, meta);
    }
    await output.finalize();
    return new Blob([target.buffer], {type});
}
